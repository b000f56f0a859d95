/// How long things took, counted in fixed bins, so that figures of several kinds and processes can be added up.
public struct LatencyHistogram: Codable, Hashable, Sendable {
    /// The upper ends of the bins in seconds; what is longer is in one more bin.
    public static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// How many were in each bin, the last being for what is longer than every bound.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// All of them together, in seconds.
    public private(set) var sum = 0.0

    /// One without anything in it.
    public init() {}

    /// How many there are.
    public var count: Int { counts.reduce(0, +) }

    /// Notes a time; a negative one counts as none.
    public mutating func add(_ time: Duration) {
        let seconds = max(0, time / .seconds(1))
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }

    /// Adds what another one has counted.
    public mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }

    /// The upper end, in seconds, of the bin in which the part `fraction` (0 to 1) of the times has been reached;
    /// the last bound for what lies beyond it, nil without any.
    public func quantile(_ fraction: Double) -> Double? {
        let count = count
        guard count > 0 else { return nil }
        let wanted = max(1, Int((min(max(fraction, 0), 1) * Double(count)).rounded(.up)))
        var seen = 0
        for (bin, bound) in zip(counts, Self.bounds) {
            seen += bin
            if seen >= wanted { return bound }
        }
        return Self.bounds.last
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        counts = try container.decode([Int].self, forKey: .counts)
        sum = try container.decode(Double.self, forKey: .sum)
        guard counts.count == Self.bounds.count + 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts, in: container, debugDescription: "a histogram has other bins than this one")
        }
    }
}
