/// The queue's constants, each with its reason.
public enum QueuePolicy {
    /// The deadlines of tasks and claims are looked for at least this often, so that one further away need not be
    /// told of: a busy queue would otherwise be looked through as often as it is claimed from.
    public static let deadlineLook = Duration.seconds(60)

    /// A worker can be lost once to an accident, hardly five times.
    public static let retries = 5
    /// A task that nobody ran within a day is no longer what its submitter waits for.
    public static let deadline = Duration.seconds(24 * 60 * 60)
    /// A deadline beyond a year is a mistake of units.
    public static let longestDeadline = Duration.seconds(366 * 24 * 60 * 60)
    /// Bytes of a payload as JSON: what a claim of many tasks can still carry.
    public static let payloadLimit = 1 << 20
    /// Tasks in one submission: one transaction must not keep others waiting for seconds.
    public static let tasksPerSubmission = 10_000
}
