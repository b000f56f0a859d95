import MusterCore

/// Something that goes wrong in the simulated cloud for a time.
public struct CloudFault: Hashable, Sendable {
    /// What goes wrong.
    public var kind: Kind
    /// With which launch configs, by their places in the pool; nil for all.
    public var configs: Set<Int>?
    /// From when.
    public var from: Moment
    /// Until when.
    public var until: Moment

    /// Makes a fault.
    public init(
        _ kind: Kind, configs: Set<Int>? = nil, from: Moment = .share(0), until: Moment = .share(.infinity)
    ) {
        self.kind = kind
        self.configs = configs
        self.from = from
        self.until = until
    }

    /// The kinds of fault.
    public enum Kind: Hashable, Sendable {
        /// Every instance is refused: no capacity.
        case outage
        /// Each instance is refused with this probability.
        case errors(ratio: Double)
        /// No more than so many instances of the launch configs together.
        case quota(instances: Int)
        /// Every call is refused, and the cloud says when it wants to be asked again.
        case throttling(retryAfter: Duration)
        /// Instances run, and their workers never register.
        case badImage
        /// Instances are taken back so often on average, each with a notice.
        case interruptions(perHour: Double, notice: Duration)
        /// Instances that are ended are billed for so long all the same.
        case stuckDeletions(Duration)
        /// Boots take so many times as long.
        case slowBoots(factor: Double)
        /// The numbers of waiting and claimed tasks stay what they were at the beginning.
        case staleCounts
    }

    /// A moment of a workload.
    public enum Moment: Hashable, Sendable {
        /// So long after the first arrival.
        case time(Duration)
        /// So much of the span between the first arrival and the last.
        case share(Double)

        /// Milliseconds from the first arrival.
        func milliseconds(of span: Duration) -> Int64 {
            switch self {
            case .time(let time): time.milliseconds
            case .share(let share):
                share.isFinite ? Int64((share * Double(span.milliseconds)).rounded()) : .max
            }
        }
    }

    /// Whether the launch configs that it is about get less than their share of what is launched.
    var keepsLaunchesAway: Bool {
        switch kind {
        case .outage, .errors, .badImage: true
        case .quota, .throttling, .interruptions, .stuckDeletions, .slowBoots, .staleCounts: false
        }
    }

    /// Whether it is about a launch config.
    func concerns(_ config: Int) -> Bool { configs?.contains(config) ?? true }
}
