/// Finds out how long after a trouble's end its launch configs get what they are worth again.
///
/// They have recovered when, of the last twenty instances or so that were asked for since the end, they got most of
/// the share that their weights are worth.
struct RecoveryWatch: Sendable {
    private let configs: Set<Int>
    private let end: Int64
    private let share: Double
    /// The passes that asked for the last instances: how many, and how many of the launch configs watched.
    private var last: [(all: Int, own: Int)] = []
    private var all = 0
    private var own = 0
    /// Milliseconds from the end to the recovery; nil until then.
    private(set) var recoveredAfter: Int64?

    init(_ configs: Set<Int>, end: Int64, share: Double) {
        self.configs = configs
        self.end = end
        self.share = share
    }

    /// A pass has asked for so many instances of each launch config.
    mutating func note(_ asked: [Int], at now: Int64) {
        guard recoveredAfter == nil, now >= end else { return }
        let sum = asked.reduce(0, +)
        let part = configs.filter(asked.indices.contains).reduce(0) { $0 + asked[$1] }
        last.append((sum, part))
        all += sum
        own += part
        while let first = last.first, all - first.all >= SimulatorPolicy.recoverySample {
            all -= first.all
            own -= first.own
            last.removeFirst()
        }
        guard all >= SimulatorPolicy.recoverySample,
            Double(own) >= SimulatorPolicy.recoveredShare * share * Double(all)
        else { return }
        recoveredAfter = now - end
    }
}
