/// What a chaos run has seen.
public struct ChaosReport: Sendable {
    /// How many instances were wanted at the end.
    public var wanted = 0
    /// How many there were at the end.
    public var standing = 0
    /// How many were ever made.
    public var made = 0
    /// How often the program was killed.
    public var kills = 0
    /// How many of these kills left a launch of which nobody knew what came.
    public var killsInLaunch = 0
    /// How often the number that was wanted changed.
    public var changes = 0
    /// How many instances went away by themselves.
    public var ended = 0
    /// How many were ended because fewer were wanted.
    public var retired = 0
    /// How many launches there were, and how many of them were given up.
    public var launches = 0
    public var abandoned = 0
    /// Instances that were asked for and refused.
    public var refused = 0
    /// Instances that came after their launch was over, and were taken all the same.
    public var late = 0
    /// What the clouds did wrong, by their names.
    public var dealt: [String: DealtFaults] = [:]
    /// Parts that instances have left behind; all of them must be gone at the end.
    public var leftBehind = 0
    /// Seconds from the last kill until all that was wanted stood.
    public var secondsToSettle = 0.0
    /// Seconds in all.
    public var seconds = 0.0
    /// What should not be: none when all is well.
    public var violations: [String] = []

    /// Nothing has been seen.
    init() {}

    /// How often all clouds together did one thing wrong to calls that launch.
    public func dealtToLaunches(_ fault: DealtFault) -> Int {
        dealt.values.map { $0.launches[fault] ?? 0 }.reduce(0, +)
    }
}
