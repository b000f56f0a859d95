import CMicroHTTPD
import Glibc
import MusterCore
import MusterRuntime

/// One listening socket and the libmicrohttpd daemon, with one thread, that serves it.
///
/// The daemon keeps it alive until `stop()`.
final class Listener: Sendable {
    /// What it shares with the server's other listener.
    let service: Service
    /// Whether its clients come through a unix socket.
    let isUnixSocket: Bool

    private let daemon = Locked<Daemon?>(nil)

    /// Unchecked, because the library allows its calls on a daemon from any thread.
    private struct Daemon: @unchecked Sendable {
        let pointer: OpaquePointer
        let settings: UnsafeMutablePointer<muster_daemon_settings>
    }

    private init(service: Service, isUnixSocket: Bool) {
        self.service = service
        self.isUnixSocket = isUnixSocket
    }

    /// Serves the listening socket `descriptor`, which it takes over.
    static func start(
        _ descriptor: Int32, isUnixSocket: Bool, service: Service
    ) throws(Problem) -> Listener {
        let listener = Listener(service: service, isUnixSocket: isUnixSocket)
        let retained = Unmanaged.passRetained(listener)
        let settings = UnsafeMutablePointer<muster_daemon_settings>.allocate(capacity: 1)
        settings.initialize(to: Self.settings(descriptor, service, context: retained.toOpaque()))
        guard let pointer = muster_daemon_start(settings) else {
            settings.deallocate()
            retained.release()
            throw Problem(.unavailable, "The HTTP library could not be started.")
        }
        let daemon = Daemon(pointer: pointer, settings: settings)
        listener.daemon.withLock { $0 = daemon }
        return listener
    }

    /// Takes no further connections. Those that are open are served on.
    func quiesce() {
        guard let daemon = daemon.withLock({ $0 }) else { return }
        let descriptor = MHD_quiesce_daemon(daemon.pointer)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Closes the connections and ends the thread. None may be suspended. Does nothing the second time.
    func stop() {
        let stopping = daemon.withLock { daemon in
            defer { daemon = nil }
            return daemon
        }
        guard let stopping else { return }
        MHD_stop_daemon(stopping.pointer)
        stopping.settings.deallocate()
        Unmanaged.passUnretained(self).release()
    }

    private static func settings(
        _ descriptor: Int32, _ service: Service, context: UnsafeMutableRawPointer
    ) -> muster_daemon_settings {
        let limits = service.configuration.limits
        return muster_daemon_settings(
            context: context, request: ListenerCallbacks.request, target: ListenerCallbacks.target,
            completed: ListenerCallbacks.completed, connection: ListenerCallbacks.connection,
            log: ListenerCallbacks.log, listening_socket: descriptor,
            idle_seconds: UInt32(clamping: limits.idleTime.wholeSeconds),
            connection_limit: UInt32(clamping: limits.connections),
            connection_memory: HTTPPolicy.connectionMemory(headerBytes: limits.headerBytes))
    }
}

extension Duration {
    /// Seconds rounded up, and never 0, which would mean no limit.
    fileprivate var wholeSeconds: Int64 {
        max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0))
    }
}
