/// What is to be expected of a pool's work until a worker that is launched now would come.
public struct DemandOutlook: Hashable, Sendable {
    /// How long a worker takes to come.
    public var lead: Duration
    /// By how much the tasks that wait and run rise while something waits; negative when running workers get through
    /// with more than comes.
    public var riseWhileWaiting: Int
    /// The running capacity with which they did; a smaller one gets through with less.
    public var running: Int
    /// Until when a fall is believed for having been seen before; nil when that is over.
    public var believedUntil: Timestamp?
    /// By how much they rise while nothing waits; never negative.
    public var rise: Int
    /// By how much they rise at most on the way there; never negative.
    public var peak: Int

    /// Makes an outlook; without arguments one in which everything stays.
    public init(
        lead: Duration = DecisionPolicy.unknownBoot, riseWhileWaiting: Int = 0, running: Int = 0,
        believedUntil: Timestamp? = nil, rise: Int = 0, peak: Int = 0
    ) {
        self.lead = lead
        self.riseWhileWaiting = riseWhileWaiting
        self.running = running
        self.believedUntil = believedUntil
        self.rise = rise
        self.peak = peak
    }

    /// That everything stays as it is.
    public static let unchanged = DemandOutlook()

    /// The tasks by which what waits and runs falls while something waits, with so much capacity running; 0 or less.
    func fall(running capacity: Int) -> Int {
        guard riseWhileWaiting < 0, capacity > 0 else { return 0 }
        guard capacity < running else { return riseWhileWaiting }
        return Int(Double(riseWhileWaiting) * Double(capacity) / Double(running))
    }
}
