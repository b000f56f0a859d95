/// The constants of demand from outside, each with its reason.
public enum DemandPolicy {
    /// Often enough that a worker is on its way within a quarter of a minute, seldom enough for any CI's API.
    public static let interval = Duration.seconds(15)
    /// A source that takes longer than this is as good as out; the pool's pass waits for it.
    public static let timeout = Duration.seconds(10)
    /// An idle list of more has another unit than instances.
    public static let idleInstances = 100_000
    /// More tasks than this are a mistake of the source.
    public static let tasks = 1_000_000_000
}
