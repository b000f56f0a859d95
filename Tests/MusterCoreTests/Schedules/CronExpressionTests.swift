import Testing

@testable import MusterCore

@Suite("A cron expression")
struct CronExpressionTests {
    @Test(
        "has a latest start and a next one",
        arguments: [
            // 21 November 2026 is a Saturday.
            ("* * * * *", "2026-11-21T12:34:56", "2026-11-21T12:34:00", "2026-11-21T12:35:00"),
            ("0 8 * * MON-FRI", "2026-11-21T12:34:56", "2026-11-20T08:00:00", "2026-11-23T08:00:00"),
            ("0 8 * * mon-fri", "2026-11-20T08:00:00", "2026-11-20T08:00:00", "2026-11-23T08:00:00"),
            ("0 8 * * 1-5", "2026-11-20T07:59:59.999", "2026-11-19T08:00:00", "2026-11-20T08:00:00"),
            ("0 0 * * 7", "2026-11-21T12:00:00", "2026-11-15T00:00:00", "2026-11-22T00:00:00"),
            ("0 0 * * 0", "2026-11-21T12:00:00", "2026-11-15T00:00:00", "2026-11-22T00:00:00"),
            ("0 0 * * SAT-SUN", "2026-11-21T12:00:00", "2026-11-21T00:00:00", "2026-11-22T00:00:00"),
            ("*/20 9-17/4 * * *", "2026-11-21T14:00:00", "2026-11-21T13:40:00", "2026-11-21T17:00:00"),
            ("5,3,4 12 * * *", "2026-11-21T12:03:30", "2026-11-21T12:03:00", "2026-11-21T12:04:00"),
            ("0 0 1 JAN,JUL *", "2026-11-21T12:00:00", "2026-07-01T00:00:00", "2027-01-01T00:00:00"),
            ("0 0 31 * *", "2026-11-21T12:00:00", "2026-10-31T00:00:00", "2026-12-31T00:00:00"),
            ("0 0 29 2 *", "2026-11-21T12:00:00", "2024-02-29T00:00:00", "2028-02-29T00:00:00"),
            ("0 0 29 2 *", "2103-01-01T00:00:00", "2096-02-29T00:00:00", "2104-02-29T00:00:00"),
            // Either day, when both are restricted: the 13th and every Friday.
            ("0 0 13 * FRI", "2026-11-14T12:00:00", "2026-11-13T00:00:00", "2026-11-20T00:00:00"),
            ("0 0 13 * FRI", "2026-12-12T12:00:00", "2026-12-11T00:00:00", "2026-12-13T00:00:00"),
            ("0 0 30 2 FRI", "2026-11-21T12:00:00", "2026-02-27T00:00:00", "2027-02-05T00:00:00"),
            // Both, when one begins with a star: odd days that are Mondays.
            ("0 0 */2 * MON", "2026-11-21T12:00:00", "2026-11-09T00:00:00", "2026-11-23T00:00:00"),
            ("0 0 29 2 */7", "2060-01-01T00:00:00", "2032-02-29T00:00:00", "2060-02-29T00:00:00"),
            ("@hourly", "2026-11-21T12:34:56", "2026-11-21T12:00:00", "2026-11-21T13:00:00"),
            ("@daily", "2026-11-21T12:34:56", "2026-11-21T00:00:00", "2026-11-22T00:00:00"),
            ("@midnight", "2026-11-21T12:34:56", "2026-11-21T00:00:00", "2026-11-22T00:00:00"),
            ("@weekly", "2026-11-21T12:34:56", "2026-11-15T00:00:00", "2026-11-22T00:00:00"),
            ("@monthly", "2026-11-21T12:34:56", "2026-11-01T00:00:00", "2026-12-01T00:00:00"),
            ("@Yearly", "2026-11-21T12:34:56", "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
            ("  0\t8  * * * ", "2026-11-21T12:34:56", "2026-11-21T08:00:00", "2026-11-22T08:00:00"),
            ("30 4 1,15 * *", "1969-12-31T23:00:00", "1969-12-15T04:30:00", "1970-01-01T04:30:00"),
        ])
    func starts(text: String, now: String, latest: String, next: String) throws {
        let cron = try CronExpression(text)
        #expect(try cron.latestStart(by: utc(now), in: .utc) == utc(latest))
        #expect(try cron.nextStart(after: utc(now), in: .utc) == utc(next))
        #expect(cron.description == text)
    }

    @Test(
        "that makes no sense is refused with the part that makes none",
        arguments: [
            ("", "has 0 parts"), ("* * * *", "has 4 parts"), ("0 * * * * *", "has 6 parts"),
            ("60 * * * *", "its minute: 60 is not from 0 to 59"),
            ("* 24 * * *", "its hour: 24 is not from 0 to 23"),
            ("* * 0 * *", "its day of the month: 0 is not from 1 to 31"),
            ("* * 32 * *", "its day of the month"),
            ("* * * 13 *", "its month: 13"), ("* * * 0 *", "its month: 0"),
            ("* * * * 8", "its day of the week: 8"),
            ("* * * * FRX", "its day of the week: \"FRX\" is no number, and no name such as MON"),
            ("* * * MON *", "its month: \"MON\" is no number, and no name such as FEB"),
            ("-1 * * * *", "its minute: \"\" is no number"), ("1- * * * *", "its minute"),
            ("1-2-3 * * * *", "its minute"), ("17-8 * * * *", "its minute: the range 17-8 runs backwards"),
            ("* * * * FRI-MON", "its day of the week: the range FRI-MON runs backwards"),
            ("1,,2 * * * *", "its minute"), (", * * * *", "its minute"),
            ("*/0 * * * *", "its minute: the step \"0\""),
            ("*/60 * * * *", "its minute: the step \"60\""), ("*/ * * * *", "its minute: the step \"\""),
            ("*/2/2 * * * *", "its minute: the step \"2/2\""), ("5/15 * * * *", "as in 5-59/2"),
            ("** * * * *", "its minute"),
            ("* ? * * *", "its hour"), ("* * L * *", "its day of the month"),
            ("* * * * MON#2", "its day of the week"),
            ("٣ * * * *", "its minute"), ("99999999999999999999 * * * *", "its minute"),
            ("0 0 30 2 *", "its day of the month 30 never comes in its month 2"),
            ("0 0 31 4,6,9,11 *", "its day of the month 31 never comes in its month 4,6,9,11"),
            ("@reboot", "\"@reboot\" is none of @hourly"), ("@", "is none of"),
            (String(repeating: "1,", count: 200), "at most 256 bytes"),
        ])
    func refused(text: String, words: String) {
        let problem = #expect(throws: Problem.self) { try CronExpression(text) }
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
    }

    @Test(
        "starts at the jump when its time is skipped, and once when it comes twice",
        arguments: [
            (
                "Europe/Berlin", "30 2 * * *", "2026-03-29T00:00:00",
                ["2026-03-29T01:00:00", "2026-03-30T00:30:00"]
            ),
            (
                "Europe/Berlin", "30 2 * * *", "2026-10-25T00:00:00",
                ["2026-10-25T00:30:00", "2026-10-26T01:30:00"]
            ),
            // Every half hour: those that are skipped fall together, and those that come twice pause.
            (
                "Europe/Berlin", "*/30 1-3 * * *", "2026-03-29T00:00:00",
                ["2026-03-29T00:30:00", "2026-03-29T01:00:00", "2026-03-29T01:30:00", "2026-03-29T23:00:00"]
            ),
            (
                "Europe/Berlin", "*/30 2-3 * * *", "2026-10-24T23:00:00",
                ["2026-10-25T00:00:00", "2026-10-25T00:30:00", "2026-10-25T02:00:00", "2026-10-25T02:30:00"]
            ),
            (
                "America/New_York", "15 2 * * *", "2026-03-08T00:00:00",
                ["2026-03-08T07:00:00", "2026-03-09T06:15:00"]
            ),
            (
                "America/New_York", "15 1 * * *", "2026-11-01T00:00:00",
                ["2026-11-01T05:15:00", "2026-11-02T06:15:00"]
            ),
            (
                "Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00:00",
                ["2026-10-03T15:30:00", "2026-10-04T15:15:00"]
            ),
            (
                "Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00",
                ["2026-04-04T14:45:00", "2026-04-05T15:15:00"]
            ),
            (
                "Asia/Kathmandu", "0 9 * * *", "2026-11-21T00:00:00",
                ["2026-11-21T03:15:00", "2026-11-22T03:15:00"]
            ),
            // A day that was no day: its start falls on the next one's.
            (
                "Pacific/Apia", "0 12 30 12 *", "2011-01-01T00:00:00",
                ["2011-12-30T10:00:00", "2012-12-29T22:00:00"]
            ),
            (
                "Pacific/Apia", "0 0 * * *", "2011-12-29T00:00:00",
                ["2011-12-29T10:00:00", "2011-12-30T10:00:00", "2011-12-31T10:00:00"]
            ),
            // Beyond what the file lists.
            (
                "Europe/Berlin", "30 2 * * *", "2090-03-26T00:00:00",
                ["2090-03-26T01:00:00", "2090-03-27T00:30:00"]
            ),
            (
                "Europe/Berlin", "30 2 * * *", "2090-10-29T00:00:00",
                ["2090-10-29T00:30:00", "2090-10-30T01:30:00"]
            ),
        ])
    func daylight(name: String, text: String, from: String, starts: [String]) throws {
        let zone = try zone(name)
        let cron = try CronExpression(text)
        var now = try utc(from)
        for start in try starts.map(utc) {
            let next = try #require(cron.nextStart(after: now, in: zone))
            #expect(next == start)
            #expect(cron.latestStart(by: start, in: zone) == start)
            #expect(cron.latestStart(by: start - .milliseconds(1), in: zone).map { $0 < start } == true)
            now = next
        }
    }

    @Test("does not start again when the clock shows its time for the second time")
    func repeatedHour() throws {
        let berlin = try zone("Europe/Berlin")
        let cron = try CronExpression("30 2 * * *")
        for now in ["2026-10-25T01:10:00", "2026-10-25T01:30:00", "2026-10-25T01:45:00"] {
            #expect(try cron.latestStart(by: utc(now), in: berlin) == utc("2026-10-25T00:30:00"))
            #expect(try cron.nextStart(after: utc(now), in: berlin) == utc("2026-10-26T01:30:00"))
        }
    }
}
