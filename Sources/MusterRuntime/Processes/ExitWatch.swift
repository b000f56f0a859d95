import CLinux
import Glibc

/// The thread that learns from pidfds that processes have ended.
///
/// One for the whole program, because children belong to the program; it starts with the first process that
/// is watched and then stays. Handlers run on it, so they must be short.
final class ExitWatch: Sendable {
    static let shared = ExitWatch()

    private struct State {
        var epoll: Int32?
        var lastToken: UInt64 = 0
        var handlers: [UInt64: @Sendable () -> Void] = [:]
    }

    private let state = Locked(State())

    /// Calls `handler` once, when the process behind `descriptor` has ended, at once if it has already.
    ///
    /// The descriptor must stay open until the handler has run or the token has been removed.
    func add(_ descriptor: Int32, handler: @escaping @Sendable () -> Void) throws(SystemError) -> UInt64 {
        try state.withLock { (state) throws(SystemError) in
            let epoll: Int32
            if let running = state.epoll { epoll = running } else { epoll = try start() }
            state.epoll = epoll
            state.lastToken += 1
            let token = state.lastToken
            var event = epoll_event(
                events: EPOLLIN.rawValue | EPOLLONESHOT.rawValue, data: epoll_data(u64: token))
            guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
                throw SystemError(errno, "watch a process")
            }
            state.handlers[token] = handler
            return token
        }
    }

    /// Forgets what `add` noted; a handler that is running just now runs to its end.
    func remove(_ token: UInt64, _ descriptor: Int32) {
        let handler = state.withLock { state in
            if let epoll = state.epoll { epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil) }
            return state.handlers.removeValue(forKey: token)
        }
        // What the handler holds is let go outside the lock: its end may remove another token.
        _ = handler
    }

    private func start() throws(SystemError) -> Int32 {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError(errno, "make an epoll descriptor") }
        let loop = Unmanaged.passRetained(Loop(watch: self, epoll: epoll))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { loop in
                if let loop { Unmanaged<Loop>.fromOpaque(loop).takeRetainedValue().run() }
                return nil
            }, loop.toOpaque())
        guard failure == 0 else {
            loop.release()
            close(epoll)
            throw SystemError(failure, "start a thread")
        }
        pthread_detach(thread)
        return epoll
    }

    private func take(_ token: UInt64) -> (@Sendable () -> Void)? {
        state.withLock { $0.handlers.removeValue(forKey: token) }
    }

    /// What the thread owns.
    private final class Loop: Sendable {
        private let watch: ExitWatch
        private let epoll: Int32

        init(watch: ExitWatch, epoll: Int32) {
            self.watch = watch
            self.epoll = epoll
        }

        func run() {
            // Signals are for the threads that wait for them.
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, nil)
            var events = [epoll_event](repeating: epoll_event(), count: 64)
            while true {
                let count = epoll_wait(epoll, &events, Int32(events.count), -1)
                for event in events.prefix(max(0, Int(count))) { watch.take(event.data.u64)?() }
            }
        }
    }
}
