public import MusterCore

/// Somebody who decides how many instances there should be, and of what.
///
/// A policy sees the pool when it makes a pass, and hears of each event at once. It keeps what it has to remember
/// itself; it asks no clock and draws all chance from the generator that it is handed.
public protocol SimulatedPolicy {
    /// Its name in results.
    var name: String { get }
    /// When it makes passes.
    var passes: PassTiming { get }
    /// Which of the workers with room gets the next task.
    var dispatch: Dispatch { get }
    /// After how long an idle worker ends by itself, without a pass; nil where only passes end workers.
    var idleEnd: Duration? { get }
    /// How long a worker may take to register; nil for as long as the pool says.
    var registrationPatience: Duration? { get }

    /// Whether a worker that has just ended its last task ends rather than take another.
    func ends(_ worker: Int) -> Bool

    /// Makes a pass.
    mutating func plan(
        _ pool: SimulatedPool, now: Timestamp, using generator: inout SeededGenerator
    ) -> SimulatedPlan

    /// Hears of what has happened, before the next pass.
    mutating func observe(_ event: SimulatedEvent, now: Timestamp)
}

extension SimulatedPolicy {
    public var idleEnd: Duration? { nil }
    public var registrationPatience: Duration? { nil }
    public func ends(_ worker: Int) -> Bool { false }
    public mutating func observe(_ event: SimulatedEvent, now: Timestamp) {}
}

/// When a policy makes passes.
public struct PassTiming: Hashable, Sendable {
    /// The longest time between two passes.
    public var interval: Duration
    /// Whether a change makes a pass, so long after the last one at the earliest; nil for by the interval alone.
    public var gap: Duration?

    /// Passes at an interval, and where `gap` is given at every change too.
    public init(interval: Duration, gap: Duration? = nil) {
        self.interval = interval
        self.gap = gap
    }
}

/// Which of the workers with room gets the next task.
public enum Dispatch: Hashable, Sendable {
    /// The one that was busy last, so that the others can end.
    case busyLast
    /// Any of them, as it comes when each asks in its own time.
    case random
}

/// What a pass decides.
public struct SimulatedPlan: Hashable, Sendable {
    /// A call to the cloud.
    public struct Launch: Hashable, Sendable {
        /// From which launch config, by its place in the pool.
        public var config: Int
        /// How many instances.
        public var instances: Int

        /// Makes a launch.
        public init(config: Int, instances: Int) {
            self.config = config
            self.instances = instances
        }
    }

    /// What is launched: one call each.
    public var launches: [Launch]
    /// The numbers of the workers that are ended; those that are idle no more stay.
    public var retirements: [Int]
    /// When the next pass is due because time alone changes the decision.
    public var nextPass: Timestamp?

    /// Makes a plan; without arguments, to leave everything as it is.
    public init(launches: [Launch] = [], retirements: [Int] = [], nextPass: Timestamp? = nil) {
        self.launches = launches
        self.retirements = retirements
        self.nextPass = nextPass
    }
}
