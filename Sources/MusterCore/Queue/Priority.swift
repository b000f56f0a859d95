/// How urgent a task is among those of its tenant.
public enum Priority: String, CaseIterable, Codable, Sendable {
    case highest
    case veryHigh = "very-high"
    case high
    case medium
    case low
    case veryLow = "very-low"
    case lowest

    /// 6 for `highest` down to 0 for `lowest`, as the store keeps it.
    public var rank: Int {
        switch self {
        case .highest: 6
        case .veryHigh: 5
        case .high: 4
        case .medium: 3
        case .low: 2
        case .veryLow: 1
        case .lowest: 0
        }
    }

    /// The priority with this rank; the nearest one when there is none.
    public init(rank: Int) {
        self = Self.allCases[6 - min(6, max(0, rank))]
    }
}
