/// A zone that has two offsets and changes between them on the same days of every year, or one offset.
///
/// It is what the footer of a zone's file says, in the words of POSIX's variable `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct RecurringChanges: Hashable, Sendable {
    /// What is added to universal time, in seconds, while nothing else holds.
    var standard: Int64
    /// The part of the year with another offset; nil without one.
    var summer: Summer?

    /// The time between two days of the year. It may be winter, and may be less than the standard's.
    struct Summer: Hashable, Sendable {
        var offset: Int64
        /// When it begins, by the standard's clock.
        var begins: YearlyTime
        /// When it ends, by its own clock.
        var ends: YearlyTime
    }

    /// What is added at a second since the epoch.
    func offset(at second: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = Self.year(of: second)
        // Times of day reach a week over the ends of a year.
        let last = changes(year - 2...year + 1).last { $0.at <= second }
        return last?.isSummer == true ? summer.offset : standard
    }

    /// The seconds within a range at which the offset changes, ascending.
    func moments(after first: Int64, through last: Int64) -> [Int64] {
        guard summer != nil else { return [] }
        var moments: [Int64] = []
        for change in changes(Self.year(of: first) - 1...Self.year(of: last) + 1)
        where change.at > first && change.at <= last && change.at != moments.last {
            moments.append(change.at)
        }
        return moments
    }

    /// The changes of some years, in order. Where it ends and begins at once, as in a zone that always has it, the
    /// beginning comes last.
    private func changes(_ years: ClosedRange<Int64>) -> [(at: Int64, isSummer: Bool)] {
        guard let summer else { return [] }
        return years.flatMap { year in
            [
                (at: summer.begins.local(of: year).seconds - standard, isSummer: true),
                (at: summer.ends.local(of: year).seconds - summer.offset, isSummer: false),
            ]
        }.sorted { ($0.at, $0.isSummer ? 1 : 0) < ($1.at, $1.isSummer ? 1 : 0) }
    }

    private static func year(of second: Int64) -> Int64 { LocalTime(seconds: second).date.year }
}

/// A day of every year with a time of day, which may be up to a week before or after it.
struct YearlyTime: Hashable, Sendable {
    var day: Day
    /// From midnight.
    var seconds: Int64

    enum Day: Hashable, Sendable {
        /// The n-th day from 1; 29 February has no number.
        case numbered(Int64)
        /// The n-th day from 0; 29 February has one in its years.
        case counted(Int64)
        /// A weekday, 0 for Sunday, in the n-th week of a month; 5 for the last.
        case weekday(Int64, week: Int64, month: Int64)
    }

    /// What the wall clock shows then.
    func local(of year: Int64) -> LocalTime {
        LocalTime(seconds: day.days(of: year) * 86_400 + seconds)
    }
}

extension YearlyTime.Day {
    /// Days since the epoch.
    fileprivate func days(of year: Int64) -> Int64 {
        let newYear = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
        switch self {
        case .counted(let number): return newYear + number
        case .numbered(let number):
            let march = CivilDate(year: year, month: 3, day: 1).daysSinceEpoch
            // The 60th day is 1 March whether the year has a 29 February or not.
            return number < 60 ? newYear + number - 1 : march + number - 60
        case .weekday(let weekday, let week, let month):
            let first = CivilDate(year: year, month: month, day: 1)
            let start = first.daysSinceEpoch
            let day = start + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
            return day < start + first.daysInMonth ? day : day - 7
        }
    }
}

extension CivilDate {
    /// The day of the week, 0 for Sunday. The epoch was a Thursday.
    var weekday: Int64 {
        let days = daysSinceEpoch + 4
        return days - days.quotient(flooringBy: 7) * 7
    }

    /// How many days its month has.
    var daysInMonth: Int64 {
        let next =
            month == 12
            ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
        return next.daysSinceEpoch - CivilDate(year: year, month: month, day: 1).daysSinceEpoch
    }
}
