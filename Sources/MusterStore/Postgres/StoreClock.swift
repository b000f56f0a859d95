public import MusterCore
public import MusterRuntime

/// The database's clock: what it said when it was last asked, and what has passed since.
///
/// All processes of one database go by it, whatever their machines' clocks say.
public final class StoreClock: WallClock {
    private let machine: any WallClock
    /// The database's time when the machine's uptime was zero.
    private let origin: Locked<Timestamp?>

    init(_ machine: any WallClock) {
        self.machine = machine
        origin = Locked(nil)
    }

    public func now() -> Timestamp {
        (origin.withLock { $0 } ?? machine.now() - machine.uptime()) + machine.uptime()
    }

    public func uptime() -> Duration { machine.uptime() }

    public func sleep(for duration: Duration) async throws { try await machine.sleep(for: duration) }

    /// Takes the database's word: it said `time` between two moments of the uptime.
    ///
    /// What could have been so all along is left as it is: only a clock that was set is followed.
    func learn(_ time: Timestamp, between before: Duration, and after: Duration) {
        let earliest = time - after
        let latest = time - before
        origin.withLock { origin in
            // Both are whole milliseconds, cut off.
            let slack = Duration.milliseconds(1)
            if let known = origin, known >= earliest - slack, known <= latest + slack { return }
            origin = earliest + (latest - earliest) / 2
        }
    }
}
