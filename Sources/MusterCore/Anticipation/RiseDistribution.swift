/// By how much the tasks that wait and run rose within a lead time, as seen lately.
///
/// Two memories together: a long one, so that a rare burst is not forgotten before the next, and a short one, so
/// that a new time of day shows. Together they waited less at equal cost than either alone (docs/decisions/0011).
struct RiseDistribution: Hashable, Sendable {
    private var long: FadingHistogram
    private var short: FadingHistogram

    init(at now: Timestamp) {
        long = FadingHistogram(halfLife: DecisionPolicy.longMemory, at: now)
        short = FadingHistogram(halfLife: DecisionPolicy.shortMemory, at: now)
    }

    /// Counts a rise, or a fall when it is negative.
    mutating func add(_ rise: Int, times: Double = 1, at now: Timestamp) {
        long.add(rise, times: times, at: now)
        short.add(rise, times: times, at: now)
    }

    /// The rise that is not exceeded in this part of the cases; 0 as far as too little is known.
    func quantile(_ part: Double, at now: Timestamp) -> Int {
        let known = min(1, long.mass(at: now) / DecisionPolicy.samplesToTrust)
        guard known > 0 else { return 0 }
        let isShortKnown = min(1, short.mass(at: now) / DecisionPolicy.samplesToTrust)
        let shortPart = DecisionPolicy.shortMemoryPart * isShortKnown
        var sum = 0.0
        for place in 0..<SizeClass.count {
            let size = SizeClass.size(at: place)
            sum += known * ((1 - shortPart) * long.part(place) + shortPart * short.part(place))
            // What is not known is as if nothing had changed.
            let seen = sum + (size >= 0 ? 1 - known : 0)
            if seen > 0, seen >= part { return size }
        }
        return SizeClass.size(at: SizeClass.count - 1)
    }
}

extension RiseDistribution: Codable {
    private struct Stored: Codable {
        var at: Int64
        var long: [Int: Double]
        var short: [Int: Double]
    }

    init(from decoder: any Decoder) throws {
        let stored = try Stored(from: decoder)
        let at = Timestamp(milliseconds: stored.at)
        long = FadingHistogram(stored.long, halfLife: DecisionPolicy.longMemory, at: at)
        short = FadingHistogram(stored.short, halfLife: DecisionPolicy.shortMemory, at: at)
    }

    func encode(to encoder: any Encoder) throws {
        let at = long.countedAt
        try Stored(at: at.milliseconds, long: long.stored(at: at), short: short.stored(at: at)).encode(
            to: encoder)
    }
}
