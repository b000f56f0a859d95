import CLinux
import Glibc
public import MusterCore

/// The machine's clock.
public struct SystemClock: WallClock {
    /// Makes a clock.
    public init() {}

    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Self.milliseconds(time)) + ClockOffset.current
    }

    /// Stands still while the machine sleeps, so that a sleep looks like a clock that was set forward: in both
    /// cases nobody was there for that time.
    public func uptime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .milliseconds(Self.milliseconds(time))
    }

    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: max(duration, .zero))
    }

    private static func milliseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
