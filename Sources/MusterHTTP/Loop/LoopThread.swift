import Glibc
import MusterCore

/// Starts the thread that the loop runs on.
enum LoopThread {
    /// Runs `body` on a new thread, which the caller must join or detach.
    static func start(_ body: @escaping @Sendable () -> Void) throws(Problem) -> pthread_t {
        let context = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let code = withoutSignals {
            pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, context.toOpaque())
        }
        guard code == 0 else {
            context.release()
            throw Problem(.unavailable, "no thread for HTTP calls: \(String(cString: strerror(code)))")
        }
        return thread
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    // A new thread takes over the mask of the one that starts it, and the resolver's threads in turn take
    // over this one's: signals are for the executable's own threads. Those that tell of a fault in the
    // thread itself stay open, or its crash would go unreported.
    private static func withoutSignals(_ body: () -> Int32) -> Int32 {
        var blocked = sigset_t()
        var previous = sigset_t()
        sigfillset(&blocked)
        for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS] {
            sigdelset(&blocked, signal)
        }
        pthread_sigmask(SIG_SETMASK, &blocked, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        return body()
    }
}
