/// One call to make.
///
/// What is written here is what is sent: the path as it stands, and of headers only `Host`, `Accept`,
/// `User-Agent` and the framing of the body are added.
public struct HTTPRequest: Sendable {
    /// What it asks for.
    public var method: HTTPMethod
    /// Where to: `http://` or `https://` only, without a user or password.
    public var url: String
    /// Connect to this Unix socket instead of the URL's host, which is then only a name.
    public var unixSocketPath: String?
    /// In the order in which they are sent. A name may repeat; the framing headers may not be set.
    public var headers: [(name: String, value: String)]
    /// The bytes to send; `nil` and no bytes are the same for POST, PUT and PATCH.
    public var body: [UInt8]?
    /// In all: from `send` to the last byte of the answer, the wait for a free connection included.
    public var timeout: Duration
    /// From the look-up of the host to a usable connection, TLS included.
    public var connectTimeout: Duration
    /// Bytes of the answer's body; an answer with more fails the call.
    public var bodyLimit: Int

    /// Whose call it is among those to the same host: none holds up those of other lanes, however long its own take.
    /// A lane never has all of a host's connections, where there are more than three; calls without one may.
    public var lane: String?

    /// Describes a call; nothing is checked before it is sent.
    public init(
        _ method: HTTPMethod, _ url: String, unixSocketPath: String? = nil,
        headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = HTTPPolicy.timeout, connectTimeout: Duration = HTTPPolicy.connectTimeout,
        bodyLimit: Int = HTTPPolicy.bodyLimit, lane: String? = nil
    ) {
        self.method = method
        self.url = url
        self.unixSocketPath = unixSocketPath
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.bodyLimit = bodyLimit
        self.lane = lane
    }
}

// Headers, bodies and URLs carry credentials, so printing a request must not show them.
extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// The method and where to, without path, query, headers and body.
    public var description: String {
        guard let target = try? HTTPTarget(url: url, unixSocketPath: unixSocketPath) else {
            return "\(method.rawValue) to a URL that is not valid"
        }
        return "\(method.rawValue) \(target)"
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
