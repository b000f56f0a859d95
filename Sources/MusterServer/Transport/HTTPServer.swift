import Glibc
public import MusterCore
public import MusterRuntime

/// An HTTP/1.1 server on loopback or another address, on a unix socket, or on both.
///
/// libmicrohttpd speaks the protocol; what it is lax about is refused here (`RequestHead`,
/// `RequestTarget`). Requests that break the grammar so that the library itself gives up on them get its
/// own short 400, 413, 414, 431 or 505, whose bodies are HTML, and a closed connection.
///
/// A server that is dropped without `stop` serves on until the process ends.
public final class HTTPServer: Sendable {
    /// The TCP port that is listened on, also when the configuration asked for any; nil without TCP.
    public let port: UInt16?

    private let service: Service
    private let listeners: [Listener]
    private let socketFile: UnixSocketFile?
    private let stopping = Locked<Task<Void, Never>?>(nil)

    /// Listens and serves.
    ///
    /// `.conflict` when the port or the unix socket is another process's, `.inputInvalid` when an
    /// address cannot be one, `.unavailable` when the system refuses.
    public static func start(
        configuration: HTTPServerConfiguration, handler: any RequestHandler, log: Log
    ) throws(Problem) -> HTTPServer {
        guard configuration.tcp != nil || configuration.unixSocket != nil else {
            throw Problem(.inputInvalid, "The server has neither an address nor a unix socket to listen on.")
        }
        let sockets = try ListeningSockets.open(configuration)
        let service: Service
        do throws(Problem) {
            service = try Service(configuration: configuration, handler: handler, log: log)
        } catch {
            sockets.close()
            throw error
        }
        return try HTTPServer(service: service, sockets: sockets)
    }

    private init(service: Service, sockets: ListeningSockets) throws(Problem) {
        self.service = service
        port = sockets.tcp?.port
        socketFile = sockets.unix?.file
        listeners = try Self.startListeners(sockets, service)
    }

    private static func startListeners(
        _ sockets: ListeningSockets, _ service: Service
    ) throws(Problem) -> [Listener] {
        var waiting: [(descriptor: Int32, isUnixSocket: Bool)] = []
        if let unix = sockets.unix { waiting.append((unix.descriptor, true)) }
        if let tcp = sockets.tcp { waiting.append((tcp.descriptor, false)) }
        var listeners: [Listener] = []
        do throws(Problem) {
            while let next = waiting.popLast() {
                listeners.append(
                    try Listener.start(next.descriptor, isUnixSocket: next.isUnixSocket, service: service))
            }
            return listeners
        } catch {
            waiting.forEach { close($0.descriptor) }
            service.traffic.startDraining()
            service.traffic.exchanges.forEach { $0.giveUp(.shuttingDown) }
            listeners.forEach { $0.stop() }
            service.watch.stop()
            sockets.unix?.file.remove()
            throw error
        }
    }

    /// Stops: takes no further connections, answers further requests on open ones with 503, and waits
    /// for those in hand, for `grace` at most. Handlers that are not done by then are cancelled, and 503
    /// is sent for those that do not answer even so. May be called more than once; each call returns
    /// when the server has stopped.
    public func stop(grace: Duration) async {
        let task = stopping.withLock { stopping in
            let task = stopping ?? Task { await self.stopOnce(grace: grace) }
            stopping = task
            return task
        }
        await task.value
    }

    private func stopOnce(grace: Duration) async {
        let traffic = service.traffic
        traffic.startDraining()
        listeners.forEach { $0.quiesce() }
        socketFile?.remove()
        if await !traffic.drained(within: grace) {
            traffic.exchanges.forEach { $0.cancelHandler() }
            if await !traffic.drained(within: HTTPPolicy.cancellationTime) {
                // From here on no connection is suspended, which the library insists on.
                traffic.exchanges.forEach { $0.giveUp(.shuttingDown) }
                _ = await traffic.drained(within: HTTPPolicy.flushTime)
            }
        }
        listeners.forEach { $0.stop() }
        service.watch.stop()
    }
}
