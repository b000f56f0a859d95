public import MusterCore

/// Notices when the wall clock is set, by the clock that nobody sets.
///
/// Everything that is judged by the difference of two moments must be judged by a moment from here: between a
/// look at the watch and a later look at the clock itself, it could be set.
public final class ClockWatch: Sendable {
    /// What a look finds.
    public enum Look: Hashable, Sendable {
        /// It is this moment, and all moments since the watch began, or since `settle`, are of one clock.
        case steady(Timestamp)
        /// The clock was set by so much, nobody has dealt with it yet, and it is this moment.
        case set(by: Duration, Timestamp)
    }

    /// What is known of the clock.
    public struct Record: Hashable, Codable, Sendable {
        /// Since when the clock has run as it does, or since when there has been a watch.
        public fileprivate(set) var steadySince: Timestamp
        /// How often it was set.
        public fileprivate(set) var timesSet = 0
        /// By how many seconds it was last set; negative for back.
        public fileprivate(set) var lastSetBySeconds: Double?
    }

    private struct State {
        var now: Timestamp
        var uptime: Duration
        var record: Record
        var unsettled: Duration?
    }

    private let clock: any WallClock
    private let tolerance: Duration
    private let state: Locked<State>

    /// Begins to watch.
    ///
    /// - Parameter tolerance: the largest difference that is taken for a correction that harms nobody.
    public init(_ clock: any WallClock, tolerance: Duration) {
        self.clock = clock
        self.tolerance = tolerance
        let now = clock.now()
        state = Locked(State(now: now, uptime: clock.uptime(), record: Record(steadySince: now)))
    }

    /// What is known of the clock.
    public var record: Record { state.withLock { $0.record } }

    /// Looks at the clock.
    public func look() -> Look {
        state.withLock { state in
            let (now, uptime) = both()
            let jump = (now - state.now) - (uptime - state.uptime)
            // Each look begins anew, so that a clock that is slowly drawn to the right time never jumps.
            (state.now, state.uptime) = (now, uptime)
            if jump > tolerance || jump < .zero - tolerance {
                state.record.steadySince = now
                state.record.timesSet += 1
                state.record.lastSetBySeconds = jump.inSeconds
                state.unsettled = (state.unsettled ?? .zero) + jump
            }
            return state.unsettled.map { .set(by: $0, now) } ?? .steady(now)
        }
    }

    /// Notes that a jump of so much has been dealt with. If there was another one meanwhile, that is left.
    public func settle(_ jump: Duration) {
        state.withLock { state in
            guard let unsettled = state.unsettled else { return }
            state.unsettled = unsettled == jump ? nil : unsettled - jump
        }
    }

    /// Both clocks at one moment: a process that is halted between two looks must not take that for a jump.
    private func both() -> (Timestamp, Duration) {
        while true {
            let before = clock.uptime()
            let now = clock.now()
            let after = clock.uptime()
            if after - before < tolerance / 2 { return (now, after) }
        }
    }
}
