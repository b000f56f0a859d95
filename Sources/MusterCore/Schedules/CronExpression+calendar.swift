/// Times are found field by field: the year's months, the month's days, the day's hours and the hour's minutes are
/// sets of bits, in which the next one is found at once. Nothing steps through minutes.
extension CronExpression {
    /// The latest start that is not after `moment`.
    ///
    /// A start whose local time the zone's clock skips is at the moment of the jump; one whose local time the clock
    /// shows twice is at the first of the two alone.
    public func latestStart(by moment: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        time(through: zone.latestShown(by: moment)).map(zone.firstMoment)
    }

    /// The first start after `moment`.
    public func nextStart(after moment: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        let shown = zone.latestShown(by: moment)
        return time(from: LocalTime(seconds: shown.seconds + 1)).map(zone.firstMoment)
    }

    /// The latest time that it names and that is not after `bound`.
    func time(through bound: LocalTime) -> LocalTime? {
        let date = bound.date
        if isNamed(date), let minute = minute(through: bound.minuteOfDay) {
            return LocalTime(date, minute: minute)
        }
        let yesterday = CivilDate(daysSinceEpoch: date.daysSinceEpoch - 1)
        guard let day = day(through: yesterday), let minute = minute(through: Self.lastMinute) else {
            return nil
        }
        return LocalTime(day, minute: minute)
    }

    /// The first time that it names and that is not before `bound`.
    func time(from bound: LocalTime) -> LocalTime? {
        // A minute that has begun is over.
        let bound = LocalTime(seconds: (bound.seconds + 59).quotient(flooringBy: 60) * 60)
        let date = bound.date
        if isNamed(date), let minute = minute(from: bound.minuteOfDay) {
            return LocalTime(date, minute: minute)
        }
        let tomorrow = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1)
        guard let day = day(from: tomorrow), let minute = minute(from: 0) else { return nil }
        return LocalTime(day, minute: minute)
    }

    private static let lastMinute = 24 * 60 - 1

    private func minute(through bound: Int) -> Int? {
        if hours.contains(bound / 60), let minute = minutes.highest(through: bound % 60) {
            return bound / 60 * 60 + minute
        }
        guard let hour = hours.highest(through: bound / 60 - 1), let minute = minutes.highest(through: 59)
        else { return nil }
        return hour * 60 + minute
    }

    private func minute(from bound: Int) -> Int? {
        if hours.contains(bound / 60), let minute = minutes.lowest(from: bound % 60) {
            return bound / 60 * 60 + minute
        }
        guard let hour = hours.lowest(from: bound / 60 + 1), let minute = minutes.lowest(from: 0) else {
            return nil
        }
        return hour * 60 + minute
    }

    /// The latest day that it names and that is not after `date`. The calendar repeats after 400 years: a day that is
    /// not found within them never comes.
    func day(through date: CivilDate) -> CivilDate? {
        var (year, month, bound) = (date.year, Int(date.month), Int(date.day))
        while year >= date.year - 400 {
            if months.contains(month),
                let day = days(ofMonth: month, of: year).highest(through: bound)
            {
                return CivilDate(year: year, month: Int64(month), day: Int64(day))
            }
            if let earlier = months.highest(through: month - 1) {
                month = earlier
            } else {
                year -= 1
                month = months.highest(through: 12) ?? 12
            }
            bound = 31
        }
        return nil
    }

    /// The first day that it names and that is not before `date`.
    func day(from date: CivilDate) -> CivilDate? {
        var (year, month, bound) = (date.year, Int(date.month), Int(date.day))
        while year <= date.year + 400 {
            if months.contains(month), let day = days(ofMonth: month, of: year).lowest(from: bound) {
                return CivilDate(year: year, month: Int64(month), day: Int64(day))
            }
            if let later = months.lowest(from: month + 1) {
                month = later
            } else {
                year += 1
                month = months.lowest(from: 1) ?? 1
            }
            bound = 1
        }
        return nil
    }

    private func isNamed(_ date: CivilDate) -> Bool {
        months.contains(Int(date.month)) && isNamed(Int(date.day), Int(date.weekday))
    }

    /// Whether it names a day of any of its months.
    private func isNamed(_ day: Int, _ weekday: Int) -> Bool {
        let isOfMonth = daysOfMonth.contains(day)
        let isOfWeek = daysOfWeek.contains(weekday)
        return takesEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek
    }

    /// The days of a month that it names.
    private func days(ofMonth month: Int, of year: Int64) -> CronValues {
        let first = CivilDate(year: year, month: Int64(month), day: 1)
        let weekday = Int(first.weekday)
        var days = CronValues()
        for day in 1...Int(first.daysInMonth) {
            if isNamed(day, (weekday + day - 1) % 7) { days.insert(day) }
        }
        return days
    }
}
