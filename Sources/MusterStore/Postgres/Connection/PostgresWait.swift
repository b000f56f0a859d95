import Glibc
import MusterCore
import MusterRuntime

/// A moment by which something must have happened, and waiting for a descriptor until then.
struct PostgresWait {
    private let clock: any WallClock
    private let end: Duration

    init(_ clock: any WallClock, within time: Duration) {
        self.clock = clock
        end = clock.uptime() + time
    }

    /// Waits until a socket is ready, or there is something to read on another descriptor.
    ///
    /// - Returns: whether that came before the moment.
    func wait(for socket: Int32, reading: Bool, writing: Bool, or other: Int32? = nil) -> Bool {
        let events = Int16((reading ? POLLIN : 0) | (writing ? POLLOUT : 0))
        while true {
            let left = end - clock.uptime()
            guard left > .zero else { return false }
            var looks = [pollfd(fd: socket, events: events, revents: 0)]
            if let other { looks.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
            // Rounded up: a wait of no time at all would spin.
            let milliseconds = min(left.milliseconds + 1, Int64(Int32.max))
            let count = poll(&looks, nfds_t(looks.count), Int32(milliseconds))
            // Anything but an interruption shows again when the socket is used.
            if count > 0 || (count < 0 && errno != EINTR) { return true }
        }
    }
}
