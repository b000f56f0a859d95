/// The constants of limits, each with its reason.
public enum LimitPolicy {
    /// More at once is no limit any more.
    public static let slots = 1_000_000
    /// Far below a slot, far above what the last bits of a sum come to.
    static let tokenTolerance = 1e-9
    /// A task that has waited for so long while some of its limits were free has been unlucky rather than early.
    public static let patience = Duration.seconds(30)
    /// More would make a lock of many a standstill of all.
    public static let limitsPerTask = 10
    /// Holders of a job system: `ci/run/4711`, with room for a URL.
    public static let holderBytes = 256
    /// Short enough that the slots of a holder that died come back while others still wait.
    public static let lease = Duration.seconds(60)
    /// A holder that can be silent for a day is no holder.
    public static let longestLease = Duration.seconds(24 * 60 * 60)
    /// Renewals cost a commit each.
    public static let shortestLease = Duration.seconds(1)
    /// A waiter that does not ask again within so long is not there any more: its place goes to the next.
    public static let waiterLease = Duration.seconds(5)
    /// How long a free slot is left to tasks that asked for it earlier, before it goes to who asked later: workers
    /// that wait take it in milliseconds.
    public static let grace = Duration.seconds(2)
}
