/// What stood when, in steps of equal length: averages over each step, and how many instances were asked for in it.
///
/// However long the simulation, there is a bounded number of steps: when they are used up, each two become one.
public struct SimulationSeries: Hashable, Sendable {
    /// A step.
    public struct Point: Hashable, Sendable {
        /// Tasks that wait.
        public var pending: Double
        /// Workers that run tasks.
        public var busy: Double
        /// Registered workers that run none.
        public var idle: Double
        /// Instances asked for.
        public var launches: Double

        static let zero = Point(pending: 0, busy: 0, idle: 0, launches: 0)
    }

    /// Milliseconds that a step lasts.
    public private(set) var step: Int64 = 1_000
    /// Sums over the time of the step; averages once `step` divides them.
    private var sums: [Point] = [.zero]
    private var elapsed: Int64 = 0

    init() {}

    /// Averages and counts by step; the last step may have ended early, and counts as if nothing had stood after.
    public var points: [Point] {
        sums.map {
            Point(
                pending: $0.pending / Double(step), busy: $0.busy / Double(step),
                idle: $0.idle / Double(step), launches: $0.launches)
        }
    }

    mutating func advance(by time: Int64, _ standing: Point) {
        var left = time
        while left > 0 {
            let room = Int64(sums.count) * step - elapsed
            let part = min(left, room)
            sums[sums.count - 1].add(standing, times: Double(part))
            elapsed += part
            left -= part
            if part == room { begin() }
        }
    }

    mutating func note(launches: Int) { sums[sums.count - 1].launches += Double(launches) }

    private mutating func begin() {
        sums.append(.zero)
        guard sums.count > SimulatorPolicy.seriesPoints, sums.count.isMultiple(of: 2) else { return }
        sums = stride(from: 0, to: sums.count, by: 2).map { index in
            var sum = sums[index]
            sum.add(sums[index + 1], times: 1)
            sum.launches += sums[index + 1].launches
            return sum
        }
        step *= 2
    }
}

extension SimulationSeries.Point {
    fileprivate mutating func add(_ other: Self, times factor: Double) {
        pending += other.pending * factor
        busy += other.busy * factor
        idle += other.idle * factor
    }
}
