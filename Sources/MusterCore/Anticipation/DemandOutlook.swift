/// What is to be expected of a pool's work until a worker that is launched now would come.
public struct DemandOutlook: Hashable, Sendable {
    /// How long a worker takes to come.
    public var lead: Duration
    /// By how much the tasks that wait and run rise while something waits; negative when running workers get through
    /// with more than comes.
    public var riseWhileWaiting: Int
    /// By how much they rise while nothing waits; never negative.
    public var rise: Int
    /// By how much they rise at most on the way there; never negative.
    public var peak: Int

    /// Makes an outlook; without arguments one in which everything stays.
    public init(
        lead: Duration = DecisionPolicy.unknownBoot, riseWhileWaiting: Int = 0, rise: Int = 0, peak: Int = 0
    ) {
        self.lead = lead
        self.riseWhileWaiting = riseWhileWaiting
        self.rise = rise
        self.peak = peak
    }

    /// That everything stays as it is.
    public static let unchanged = DemandOutlook()
}
