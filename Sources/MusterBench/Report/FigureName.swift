/// What is measured. A figure belongs to the benchmark that its name begins with.
enum FigureName: String, CaseIterable, Sendable {
    /// One decision for every pool, with all workers.
    case passesTime = "passes.time"
    /// The same with a tenth of the workers.
    case passesTenthTime = "passes.time-with-a-tenth-of-the-workers"
    /// The second of these to the first.
    case passesTenthToAll = "passes.tenth-to-all"

    /// From a submission to the provider's call.
    case latencyCall = "latency.submit-to-call"
    /// From a submission to its answer: the task is durable.
    case latencyAnswer = "latency.submit-to-answer"
    /// A durable transaction of plain SQLite.
    case latencyPlain = "latency.plain-transaction"

    /// Single claims of plain SQLite, a transaction each.
    case claimsPlain = "claims.plain"
    case claims1 = "claims.1-waiting"
    case claims16 = "claims.16-waiting"
    case claims64 = "claims.64-waiting"
    /// Claims and finishes to the plain claims of the same repetition.
    case claimsRatio1 = "claims.1-waiting-to-plain"
    case claimsRatio16 = "claims.16-waiting-to-plain"
    case claimsRatio64 = "claims.64-waiting-to-plain"

    /// A command of the same program that does nothing, from start to end.
    case commandTime = "footprint.version-command"
    /// From the service's start until it serves.
    case start = "footprint.start"
    case memory = "footprint.resident"
    /// Resident memory with what is shared divided by those who share it.
    case proportionalMemory = "footprint.proportional"
    /// How often a thread of the service gets the processor while nothing happens.
    case wakeUps = "footprint.wake-ups"
    case startWithPools = "footprint.start-with-pools"
    case memoryWithPools = "footprint.resident-with-pools"
    case proportionalMemoryWithPools = "footprint.proportional-with-pools"
    case wakeUpsWithPools = "footprint.wake-ups-with-pools"

    /// The unit of its values.
    var unit: String {
        switch self {
        case .passesTime, .passesTenthTime: "s"
        case .latencyCall, .latencyAnswer, .latencyPlain, .commandTime, .start, .startWithPools: "ms"
        case .claimsPlain, .claims1, .claims16, .claims64, .wakeUps, .wakeUpsWithPools: "1/s"
        case .passesTenthToAll, .claimsRatio1, .claimsRatio16, .claimsRatio64: "times"
        case .memory, .proportionalMemory, .memoryWithPools, .proportionalMemoryWithPools: "MB"
        }
    }
}
