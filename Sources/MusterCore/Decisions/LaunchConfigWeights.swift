/// What launch configs weigh, in the order of their ids.
public struct LaunchConfigWeights: RandomAccessCollection, Hashable, Sendable {
    /// A launch config's weight.
    public struct Entry: Hashable, Sendable {
        /// Whose it is.
        public let id: LaunchConfigID
        /// What it weighs.
        public internal(set) var weight: LaunchConfigWeight
    }

    private var entries: [Entry]

    /// - Parameter entries: in the order of their ids, each of which is there once.
    init(inOrder entries: [Entry]) { self.entries = entries }

    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }
    public subscript(place: Int) -> Entry { entries[place] }

    /// The weight of a launch config; nil when it was not among those that were weighed.
    public subscript(id: LaunchConfigID) -> LaunchConfigWeight? {
        entries.first { $0.id == id }?.weight
    }

    /// Whether there may be a reason why the one at a place launches nothing, or little. Asked of each in every
    /// decision: it copies nothing.
    func isHindered(at place: Int) -> Bool {
        entries[place].weight.idlesUntil != nil || entries[place].weight.headroom != nil
    }

    /// The weights by id.
    public var byID: [LaunchConfigID: LaunchConfigWeight] {
        Dictionary(entries.map { ($0.id, $0.weight) }, uniquingKeysWith: { first, _ in first })
    }
}

/// What a launch config weighs in a pass.
public struct LaunchConfigWeight: Hashable, Sendable {
    /// Its part of what is launched, before bounds; 0 for one that may not launch.
    public var weight: Double
    /// Failures' part of its launches lately.
    public var errorRatio: Double
    /// Its part of the next unit, given what is there already.
    public var balance: Double
    /// Why the weight is 0, when it is.
    public var exclusion: Exclusion?
    /// Until when its provider wants no calls for it: it keeps its weight and launches nothing.
    public var callsAgainAt: Timestamp?
    /// Until when it rests after failures: it keeps its weight and launches nothing.
    public var restsUntil: Timestamp?
    /// Until when none of its offerings is to be had: it keeps its weight and launches nothing.
    public var unavailableUntil: Timestamp?
    /// Whether one instance is tried because its offerings were not to be had.
    public var isProbe = false
    /// How many of its instances may be tried at once while it is new or recovers; nil for no bound.
    public var allowance: Int?
    /// How many more of them that leaves.
    public var headroom: Int?
    /// Until when it waits for what has been tried, when none is left.
    public var waitsUntil: Timestamp?
    /// Until when a person has paused it, if that ends by itself.
    public var pausedUntil: Timestamp?

    /// Until when it launches nothing although it has a weight; nil when it may.
    public var idlesUntil: Timestamp? { callsAgainAt ?? unavailableUntil ?? restsUntil }

    /// Whether it may launch now, within its bounds.
    var isFree: Bool { exclusion == nil && idlesUntil == nil }

    /// Why nothing is launched from a config.
    public enum Exclusion: String, Codable, Hashable, Sendable {
        case archived, paused, suspended, full
        case switchedOff = "switched-off"
    }
}
