/// What fake clouds do wrong, in kinds that all of them have.
public enum DealtFault: String, CaseIterable, Hashable, Sendable {
    /// Something was done, and the answer did not come, or not wholly.
    case lost
    /// Something was done twice, or answered twice.
    case twice
    /// There were too many calls.
    case throttled
    /// There was no room.
    case refused
}

/// How often a fake did each of them: a run that meets none proves nothing.
public struct DealtFaults: Hashable, Sendable {
    /// To any call.
    public private(set) var all: [DealtFault: Int] = [:]
    /// To calls that launch.
    public private(set) var launches: [DealtFault: Int] = [:]

    /// None yet.
    public init() {}

    /// Counts one.
    public mutating func note(_ fault: DealtFault, isLaunch: Bool) {
        all[fault, default: 0] += 1
        if isLaunch { launches[fault, default: 0] += 1 }
    }
}
