/// A moment, as whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Stored as an integer and shown as ISO 8601 in UTC with milliseconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch.
    public var milliseconds: Int64

    /// Makes a moment from milliseconds since the epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later; a sum beyond the range stays at its end.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let added = duration.milliseconds
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(added)
        return Timestamp(milliseconds: overflow ? (added < 0 ? .min : .max) : sum)
    }

    /// The moment `duration` earlier; a difference beyond the range stays at its end.
    public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        let taken = duration.milliseconds
        let (difference, overflow) = moment.milliseconds.subtractingReportingOverflow(taken)
        return Timestamp(milliseconds: overflow ? (taken > 0 ? .min : .max) : difference)
    }

    /// The time from `earlier` to `later`; negative when `later` comes first.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds) - .milliseconds(earlier.milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; clamped to what fits.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (thousands, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, overflowsToo) = thousands.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        if overflow || overflowsToo { return seconds < 0 ? .min : .max }
        return sum
    }

    /// Seconds as a floating-point number.
    public var inSeconds: Double { Double(milliseconds) / 1_000 }
}
