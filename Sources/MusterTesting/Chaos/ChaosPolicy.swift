/// The numbers of a chaos run, each with its reason.
enum ChaosPolicy {
    /// A start beside many other tests on a small machine.
    static let startTime: Duration = .seconds(60)
    /// How often it is looked whether something has come about.
    static let lookInterval: Duration = .milliseconds(200)
    /// Kills fall anywhere in a launch: calls take milliseconds here, operations most of a second.
    static let lifeMilliseconds: ClosedRange<Int64> = 700...3_000
    /// Pools of each cloud: while a launch of one is looked up, the others go on.
    static let poolsPerCloud = 4
    /// What is wanted in one life after the other, of what is wanted at the end: it grows, shrinks, and is nothing.
    static let demands: [Double] = [1, 0.5, 1, 0, 1, 1.0 / 3, 1, 0, 0.5]
    /// What must have happened by then, or it never will: look-ups wait for the clouds' listing delays, and a launch
    /// config that was refused rests for two minutes at the longest.
    static let patience: Duration = .seconds(420)
    /// How long it goes on after a look that found something on its way: a few passes and look-ups.
    static let lifeAfterLook: Duration = .seconds(8)
    /// Bytes of the log in which the service says that it serves: it says little before.
    static let firstWords = 64 << 10
    /// Bytes of the log that an error quotes: some tens of lines.
    static let lastWords = 4_000
    /// How many instances of each cloud end by themselves between two kills.
    static let endsPerLife = 1
    /// A page of rows: a few of them have a run's.
    static let rowsPerPage = 1_000
    /// Longer than a provider leaves a part alone that belongs to nothing, and waits between two searches.
    static let longUntilSweep: Duration = .seconds(3_600)
    /// A search of a few hundred parts takes a second.
    static let sweepTime: Duration = .seconds(60)
}
