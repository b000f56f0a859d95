import MusterHTTP

/// How many calls in a minute Muster makes of a project's quotas, in each region.
///
/// Google counts by the minute of the clock and gives all back with the next one. A tenth is for bursts, the rest
/// flows in, so that no minute has more, wherever it begins.
public struct GoogleRates: Hashable, Sendable {
    /// Insertions and deletions, each.
    public var mutations: Int
    /// Lists and reads, each.
    public var reads: Int
    /// Bulk insertions.
    public var bulkInsertions: Int

    /// Makes rates; the defaults are what a project has that asked for nothing.
    public init(
        mutations: Int = GoogleRates.published, reads: Int = GoogleRates.published,
        bulkInsertions: Int = GoogleRates.publishedBulk
    ) {
        self.mutations = mutations
        self.reads = reads
        self.bulkInsertions = bulkInsertions
    }

    /// Google's default for each quota group of a project.
    public static let published = 1_500

    /// Google takes 20 a second, and 10 at once, of which each is at work for some seconds: the latter holds.
    public static let publishedBulk = 120

    /// The rate of a kind.
    func rate(_ kind: GoogleCall.Kind) -> CallRate {
        let perMinute =
            switch kind {
            case .insert, .delete: mutations
            case .bulkInsert: bulkInsertions
            case .list, .read: reads
            }
        let burst = max(Double(perMinute) / 10, 1)
        return CallRate(burst: burst, perSecond: max(Double(perMinute) - burst, 1) / 60)
    }
}
