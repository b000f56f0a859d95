/// What a wall clock shows, in whole seconds since it showed 1970-01-01T00:00:00: no moment, unless a zone is known.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// Seconds since the wall clock showed 1970-01-01T00:00:00.
    public var seconds: Int64

    /// Makes a local time from seconds since the wall clock showed 1970-01-01T00:00:00.
    public init(seconds: Int64) { self.seconds = seconds }

    public static func < (left: LocalTime, right: LocalTime) -> Bool { left.seconds < right.seconds }

    /// Makes the local time of a day and a minute within it.
    init(_ date: CivilDate, minute: Int) {
        seconds = date.daysSinceEpoch * Self.day + Int64(minute) * 60
    }

    /// The day.
    var date: CivilDate { CivilDate(daysSinceEpoch: days) }

    /// The whole minutes since midnight.
    var minuteOfDay: Int { Int((seconds - days * Self.day) / 60) }

    private var days: Int64 { seconds.quotient(flooringBy: Self.day) }

    private static let day: Int64 = 86_400
}

extension Int64 {
    /// The quotient rounded towards the past, for times before the epoch too.
    func quotient(flooringBy divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
