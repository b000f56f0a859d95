/// When something happens again and again, by a wall clock: minute, hour, day of the month, month, day of the week.
///
/// The language is classic cron's. Where both days are restricted, a day that either names is meant; one that begins
/// with `*` does not count as restricted.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    let minutes: CronValues
    let hours: CronValues
    let daysOfMonth: CronValues
    let months: CronValues
    let daysOfWeek: CronValues
    /// Whether a day need be in only one of the two.
    let takesEitherDay: Bool

    /// Reads five parts, or one of `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`.
    ///
    /// - Throws: `Problem` `input-invalid` that names the part, also when no such day ever comes.
    public init(_ text: String) throws(Problem) {
        let written = try Self.expanded(text)
        let parts = written.split { $0 == " " || $0 == "\t" }
        guard parts.count == CronField.allCases.count else {
            throw Problem(
                .inputInvalid,
                "has \(parts.count) \(parts.count == 1 ? "part" : "parts"), and must have 5: minute, hour, "
                    + "day of the month, month, day of the week")
        }
        description = text
        minutes = try CronField.minute.values(of: parts[0])
        hours = try CronField.hour.values(of: parts[1])
        daysOfMonth = try CronField.dayOfMonth.values(of: parts[2])
        months = try CronField.month.values(of: parts[3])
        daysOfWeek = try CronField.dayOfWeek.values(of: parts[4])
        takesEitherDay = !parts[2].hasPrefix("*") && !parts[4].hasPrefix("*")
        guard day(from: CivilDate(year: 2_000, month: 1, day: 1)) != nil else {
            throw Problem(
                .inputInvalid, "its day of the month \(parts[2]) never comes in its month \(parts[3])")
        }
    }

    private static func expanded(_ text: String) throws(Problem) -> String {
        guard text.utf8.count <= SchedulePolicy.longestCron else {
            throw Problem(.inputInvalid, "must be at most \(SchedulePolicy.longestCron) bytes long")
        }
        guard text.hasPrefix("@") else { return text }
        switch text.lowercased() {
        case "@hourly": return "0 * * * *"
        case "@daily", "@midnight": return "0 0 * * *"
        case "@weekly": return "0 0 * * 0"
        case "@monthly": return "0 0 1 * *"
        case "@yearly", "@annually": return "0 0 1 1 *"
        default:
            throw Problem(
                .inputInvalid,
                "\(JSONText.quoted(String(text.prefix(20)))) is none of @hourly, @daily, @weekly, @monthly, "
                    + "@yearly")
        }
    }
}
