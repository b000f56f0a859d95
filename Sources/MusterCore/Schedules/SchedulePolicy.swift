/// The constants of schedules, each with its reason.
public enum SchedulePolicy {
    /// Every decision looks at each window of its pool.
    public static let windows = 100
    /// Bytes: every minute of an hour one by one fits.
    static let longestCron = 256
    /// Bytes of a window's name, which stands in sentences.
    static let longestName = 64
    /// Seconds: less is over before a worker has booted.
    static let shortestWindow = 60.0
    /// Seconds, a year: a longer window is a mistake of units.
    static let longestWindow = 366.0 * 86_400
    /// Seconds, a day: nothing boots for longer.
    static let longestLead = 86_400.0
    /// How many windows that meet are followed for their common end: a working day of quarters of an hour fits, and
    /// one that never ends is not followed for ever.
    static let windowsInARow = 64
    /// How many openings and ends are looked at for the next one that changes anything.
    static let changesAhead = 16
}
