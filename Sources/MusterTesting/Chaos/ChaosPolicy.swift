/// The numbers of a chaos run, each with its reason.
enum ChaosPolicy {
    /// A start beside many other tests on a small machine.
    static let startTime: Duration = .seconds(60)
    /// How often it is looked whether something has come about; a look costs a process.
    static let lookInterval: Duration = .milliseconds(200)
    /// Kills fall anywhere in a launch: calls take milliseconds here, passes a second.
    static let lifeMilliseconds: ClosedRange<Int64> = 700...3_000
    /// What must have happened by then, or it never will: look-ups wait for the clouds' listing delays, and a launch
    /// config that was refused rests for two minutes at the longest.
    static let patience: Duration = .seconds(420)
    /// How long it goes on after a look that found something on its way: a few passes and look-ups.
    static let lifeAfterLook: Duration = .seconds(8)
    /// Bytes of the log in which the service says that it serves: it says little before.
    static let firstWords = 64 << 10
    /// Bytes of the log that an error quotes: some tens of lines.
    static let lastWords = 4_000
    /// How often one of the instances ends by itself between two kills.
    static let endsPerLife = 1
}
