import Glibc
import MusterRuntime

/// A small HTTP/1.1 server with a thread for each connection, that counts what it sees. Ends with its value.
public final class LoopbackServer: Sendable {
    /// Answers a request, on the connection's own thread: it may take its time.
    public typealias Handler = @Sendable (ReceivedRequest) -> Reply

    /// The port; 0 at a Unix socket.
    public let port: UInt16
    private let core: Core

    /// Serves on a free port of the loopback address.
    public init(_ handler: @escaping Handler) throws {
        let socket = try ListeningSocket.onLoopback()
        port = socket.port
        core = Core(socket.descriptor, handler)
        core.start()
    }

    /// Serves at a Unix socket.
    public init(path: String, _ handler: @escaping Handler) throws {
        port = 0
        core = Core(try ListeningSocket.at(path), handler)
        core.start()
    }

    deinit { core.stop() }

    /// The server's address with a path.
    public func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Connections taken.
    public var connections: Milestone { core.connections }
    /// Requests read to their end.
    public var requests: Milestone { core.requests }
    /// Connections over, whoever ended them.
    public var closings: Milestone { core.closings }
    /// All requests so far.
    public var received: [ReceivedRequest] { core.received.withLock { $0 } }
    /// The most connections that were open at once.
    public var mostOpen: Int { core.open.withLock { $0.most } }
}

/// What the server's threads share; the server itself is not among it, so that it can end.
private final class Core: Sendable {
    struct Open {
        var descriptors: Set<Int32> = []
        var most = 0
        var isStopped = false
    }

    let connections = Milestone()
    let requests = Milestone()
    let closings = Milestone()
    let received = Locked<[ReceivedRequest]>([])
    let open = Locked(Open())
    private let listener: Int32
    private let handler: LoopbackServer.Handler

    init(_ listener: Int32, _ handler: @escaping LoopbackServer.Handler) {
        self.listener = listener
        self.handler = handler
    }

    func start() {
        DetachedThread.run { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                guard admit(descriptor) else { continue }
                connections.pass()
                DetachedThread.run { [self] in serve(descriptor) }
            }
            close(listener)
        }
    }

    func stop() {
        open.withLock { open in
            open.isStopped = true
            for descriptor in open.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func admit(_ descriptor: Int32) -> Bool {
        open.withLock { open in
            guard !open.isStopped else {
                close(descriptor)
                return false
            }
            open.descriptors.insert(descriptor)
            open.most = max(open.most, open.descriptors.count)
            return true
        }
    }

    private func serve(_ descriptor: Int32) {
        let connection = ServedConnection(descriptor)
        while let request = connection.receive() {
            received.withLock { $0.append(request) }
            requests.pass()
            guard connection.send(handler(request), to: request) else { break }
        }
        open.withLock { open in
            open.descriptors.remove(descriptor)
            close(descriptor)
        }
        closings.pass()
    }
}
