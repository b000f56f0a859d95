import MusterCore

/// Writes down what a simulation comes to, as it goes.
struct SimulationRecorder {
    /// What became of the instances of a launch config.
    struct Instances: Hashable, Sendable {
        var asked = 0
        var refused = 0
        var registered = 0
        var neverRegistered = 0
        var interrupted = 0
    }

    /// By launch config.
    private(set) var instances: [Instances]
    /// Milliseconds that instances were billed for, together.
    private(set) var billed: Int64 = 0
    /// Milliseconds that registered workers held no task, together.
    private(set) var idle: Int64 = 0
    /// The most capacity that was counted against the maximum.
    private(set) var peakCapacity = 0
    /// What stood when, for pictures.
    private(set) var series = SimulationSeries()
    private(set) var recoveries: [RecoveryWatch]

    init(_ configs: [SimulatedLaunchConfig], troubles: [(configs: Set<Int>, end: Int64)]) {
        instances = Array(repeating: Instances(), count: configs.count)
        let weight = configs.reduce(0) { $0 + $1.settings.initialWeight }
        recoveries = troubles.map { trouble in
            let own = trouble.configs.filter(configs.indices.contains).reduce(0) {
                $0 + configs[$1].settings.initialWeight
            }
            return RecoveryWatch(trouble.configs, end: trouble.end, share: weight > 0 ? own / weight : 0)
        }
    }

    /// Time passes while everything stands as it is.
    mutating func advance(by time: Int64, pending: Int, _ fleet: SimulatedFleet) {
        guard time > 0 else { return }
        let standing = fleet.billed
        billed += Int64(standing) * time
        idle += Int64(fleet.idling) * time
        series.advance(
            by: time,
            SimulationSeries.Point(
                pending: Double(pending), busy: Double(fleet.busy), idle: Double(fleet.idling),
                launches: 0))
    }

    /// A pass has asked for instances.
    mutating func note(passAt now: Int64, asked: [Int], _ fleet: SimulatedFleet) {
        let total = asked.reduce(0, +)
        guard total > 0 else { return }
        series.note(launches: total)
        peakCapacity = max(peakCapacity, fleet.configs.reduce(0) { $0 + $1.capacity.counted })
        for index in recoveries.indices { recoveries[index].note(asked, at: now) }
    }

    /// The cloud has answered.
    mutating func note(asked: Int, refused: Int, of config: Int) {
        instances[config].asked += asked
        instances[config].refused += refused
    }

    mutating func noteRegistered(_ config: Int) { instances[config].registered += 1 }
    mutating func noteNeverRegistered(_ config: Int) { instances[config].neverRegistered += 1 }
    mutating func noteInterrupted(_ config: Int) { instances[config].interrupted += 1 }
}
