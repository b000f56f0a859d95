public import MusterCore

/// Where an `HTTPServer` listens and what it takes.
public struct HTTPServerConfiguration: Sendable {
    /// A numeric address (`127.0.0.1`, `::1`) and a port; port 0 takes a free one.
    public struct TCPAddress: Hashable, Sendable {
        /// The numeric address.
        public var host: String
        /// The port.
        public var port: UInt16

        /// Makes an address. Whether it is a safe one is for the caller to decide.
        public init(host: String = "127.0.0.1", port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    /// How much is taken, and for how long. The defaults and their reasons are in `HTTPPolicy`.
    public struct Limits: Hashable, Sendable {
        /// Bytes of a request line with its headers; more is answered 431.
        public var headerBytes = HTTPPolicy.headerBytes
        /// Bytes of a body for which `bodyLimit` names no limit; more is answered 413.
        public var bodyBytes = HTTPPolicy.bodyBytes
        /// Open connections per listener; further ones wait in the kernel's queue.
        public var connections = HTTPPolicy.connections
        /// How long a connection may be silent while no handler works for it. Whole seconds.
        public var idleTime = HTTPPolicy.idleTime
        /// How long a client may take to send one request.
        public var receiveTime = HTTPPolicy.receiveTime
        /// How long a handler for which `handlerTime` names no time may take before it is cancelled and 503 is
        /// sent for it.
        public var handlerTime = HTTPPolicy.handlerTime

        /// The default limits.
        public init() {}
    }

    /// Where to listen for TCP, if anywhere.
    public var tcp: TCPAddress?
    /// The path of the unix socket to listen on, if any: made with mode 0600, and guarded by a lock on
    /// the same path with `.lock` at its end.
    public var unixSocket: String?
    /// How much is taken.
    public var limits = Limits()
    /// Makes the id of the next request. Called on the server's threads.
    public var requestID: @Sendable () -> String
    /// The limit in bytes for the body of a request with this method and path, asked when its headers
    /// have been read; nil for `Limits.bodyBytes`.
    public var bodyLimit: @Sendable (_ method: String, _ path: [String]) -> Int? = { _, _ in nil }
    /// How long the handler of a request with this method and path may take, asked when its headers have been
    /// read; nil for `Limits.handlerTime`.
    public var handlerTime: @Sendable (_ method: String, _ path: [String]) -> Duration? = { _, _ in nil }
    /// The JSON body of an error that the server answers without asking the handler.
    public var errorBody: @Sendable (_ problem: Problem, _ requestID: String) -> [UInt8] = { problem, _ in
        Array(plainErrorBody(problem).utf8)
    }

    /// Makes a configuration.
    public init(
        tcp: TCPAddress? = nil, unixSocket: String? = nil, requestID: @escaping @Sendable () -> String
    ) {
        self.tcp = tcp
        self.unixSocket = unixSocket
        self.requestID = requestID
    }

    private static func plainErrorBody(_ problem: Problem) -> String {
        "{\"code\":\(JSONText.quoted(problem.code.rawValue)),\"message\":\(JSONText.quoted(problem.message))}"
    }
}
