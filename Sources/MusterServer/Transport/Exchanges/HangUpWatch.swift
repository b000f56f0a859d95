import CLinux
import Glibc
import MusterCore
import MusterRuntime

/// Watches the sockets of waiting clients and says when one leaves, and calls regularly besides.
///
/// libmicrohttpd takes a suspended connection out of its own epoll set, so this has another, served by
/// one thread. Watching is one-shot: a socket that has been reported is silent from then on.
final class HangUpWatch: Sendable {
    private let epoll: Int32
    private let stopSignal: Int32
    private let thread = Locked<pthread_t?>(nil)
    private let onHangUp: @Sendable (UInt64) -> Void
    private let onTick: @Sendable () -> Void

    /// Starts the thread, which calls `onHangUp` with the key of a watched socket and `onTick` at each
    /// `HTTPPolicy.sweepInterval`. It lives, and keeps this alive, until `stop()`.
    init(
        onHangUp: @escaping @Sendable (UInt64) -> Void, onTick: @escaping @Sendable () -> Void
    ) throws(Problem) {
        self.onHangUp = onHangUp
        self.onTick = onTick
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        stopSignal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard epoll >= 0, stopSignal >= 0, add(stopSignal, events: EPOLLIN.rawValue, key: Self.stopKey) else {
            throw .system("Cannot watch connections")
        }
        try startThread()
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if stopSignal >= 0 { close(stopSignal) }
    }

    /// Reports `key` once the client at the other end of `descriptor` leaves, or has left already.
    func watch(_ descriptor: Int32, key: UInt64) -> Bool {
        add(descriptor, events: EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue, key: key)
    }

    /// Stops watching. A report that is under way may still arrive.
    func unwatch(_ descriptor: Int32) {
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// Ends the thread and waits for its end. Only once.
    func stop() {
        var one: UInt64 = 1
        _ = write(stopSignal, &one, MemoryLayout<UInt64>.size)
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }

    /// No exchange has this key: theirs count from 1.
    private static let stopKey: UInt64 = 0

    private func add(_ descriptor: Int32, events: UInt32, key: UInt64) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(u64: key))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0
    }

    private func startThread() throws(Problem) {
        var started = pthread_t()
        let context = Unmanaged.passRetained(self)
        let result = pthread_create(
            &started, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<HangUpWatch>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            context.release()
            throw .system("Cannot start a thread", number: result)
        }
        thread.withLock { [started] in $0 = started }
    }

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        var nextTick = ContinuousClock.now + HTTPPolicy.sweepInterval
        while true {
            let wait = max(0, (nextTick - .now).milliseconds)
            let count = Int(epoll_wait(epoll, &events, Int32(events.count), Int32(wait)))
            for event in events.prefix(max(count, 0)) {
                if event.data.u64 == Self.stopKey { return }
                onHangUp(event.data.u64)
            }
            if ContinuousClock.now >= nextTick {
                onTick()
                nextTick = .now + HTTPPolicy.sweepInterval
            }
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that a wait is not cut short.
    fileprivate var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
