import MusterTesting
import Testing

@testable import MusterCore

@Suite("A time zone's file")
struct TZifTests {
    private func problem(_ bytes: [UInt8]) -> String? {
        do throws(Problem) {
            _ = try TimeZoneRules(tzif: bytes)
            return nil
        } catch {
            #expect(error.code == .inputMalformed)
            return error.message
        }
    }

    @Test("is read: what holds before the first change, between changes and after the last one")
    func whole() throws {
        let file = ZoneFile(
            changes: [(1_000, 1), (2_000, 0)], offsets: [60, -7_200], footer: "\nABC-1\n")
        let rules = try TimeZoneRules(tzif: file.bytes)
        let seconds = [-5, 999, 1_000, 1_999, 2_000, 1_000_000].map {
            rules.offset(at: Timestamp(milliseconds: $0 * 1_000)).milliseconds / 1_000
        }
        #expect(seconds == [60, 60, -7_200, -7_200, 3_600, 3_600])
        // Without a footer the last offset stays.
        let plain = try TimeZoneRules(
            tzif: ZoneFile(changes: [(0, 1)], offsets: [0, 5], footer: "\n\n").bytes)
        #expect(plain.offset(at: Timestamp(milliseconds: 4_000_000_000_000)) == .seconds(5))
    }

    @Test("of which the end is missing is refused, wherever it is cut")
    func truncated() throws {
        let files = [ZoneFile(changes: [(1, 1)], offsets: [0, 60]).bytes, try zoneFile("Europe/Berlin")]
        for bytes in files {
            #expect(problem(bytes) == nil)
            for length in bytes.indices { #expect(problem(Array(bytes[..<length])) != nil, "\(length)") }
        }
    }

    private static let malformed: [(file: ZoneFile, words: String)] = [
        (ZoneFile(version: "\0"), "first version"), (ZoneFile(offsets: []), "0 kinds of local time"),
        (ZoneFile(offsets: Array(repeating: 0, count: 257)), "257 kinds of local time"),
        (ZoneFile(changes: [(0, 1)]), "does not have"), (ZoneFile(changes: [(0, 255)]), "does not have"),
        (ZoneFile(changes: [(5, 0), (5, 0)]), "out of order"),
        (ZoneFile(changes: [(5, 0), (4, 0)]), "out of order"),
        (ZoneFile(changes: [(.min, 0)]), "out of order"), (ZoneFile(changes: [(.max, 0)]), "out of order"),
        (ZoneFile(offsets: [93_601]), "a day from"), (ZoneFile(offsets: [.min]), "a day from"),
        (ZoneFile(leapSeconds: 27), "leap seconds"), (ZoneFile(footer: ""), "ends too early"),
        (ZoneFile(footer: "\nUTC0"), "ends too early"), (ZoneFile(footer: "UTC0\n"), "no footer"),
        (ZoneFile(footer: "\nnonsense\n"), "cannot be read"),
    ]

    @Test("that makes no sense is refused with a word about why", arguments: malformed.indices)
    func nonsense(index: Int) throws {
        let (file, words) = Self.malformed[index]
        let message = try #require(problem(file.bytes))
        #expect(message.contains(words), "\(message)")
    }

    @Test("of something else is refused")
    func others() {
        #expect(problem([]) != nil)
        for text in ["TZdb0000000000000000000000000000000000000000000000", "# tzdb data for zic", "TZif2"] {
            #expect(problem(Array(text.utf8)) != nil, "\(text)")
        }
    }

    @Test("with absurd counts is refused before anything is made of them")
    func counts() {
        for field in 0..<6 {
            for count: UInt32 in [.max, 1 << 31, 70_000] {
                for start in [20, ZoneFile.secondCounts] {
                    var bytes = ZoneFile(changes: [(1, 0)]).bytes
                    bytes.replaceSubrange(start + field * 4..<start + field * 4 + 4, with: bigEndian(count))
                    #expect(problem(bytes) != nil, "\(field) \(count) \(start)")
                }
            }
        }
    }

    @Test("whose bytes have been changed is refused, or tells some time")
    func mutated() throws {
        let original = try zoneFile("Australia/Lord_Howe")
        var generator = SeededGenerator(seed: 2_026)
        for _ in 0..<2_000 {
            guard let rules = try? TimeZoneRules(tzif: generator.mutated(original)) else { continue }
            let now = Timestamp(milliseconds: .random(in: -(1 << 45)...1 << 45, using: &generator))
            let offset = rules.offset(at: now)
            #expect(offset <= .seconds(26 * 3_600) && offset >= .seconds(-26 * 3_600))
            #expect(rules.firstMoment(showing: rules.local(at: now)) <= now)
            #expect(rules.latestShown(by: now) >= rules.local(at: now))
        }
    }

    @Test(
        "has a rule for all later years, in POSIX's words",
        arguments: [
            ("UTC0", [0, 0]), ("<+0545>-5:45", [20_700, 20_700]),
            ("EST5EDT,M3.2.0,M11.1.0", [-18_000, -14_400]),
            ("NZST-12NZDT,M9.5.0,M4.1.0/3", [46_800, 43_200]), ("AAA+1:30:15", [-5_415, -5_415]),
            ("CET-1CEST,J60/0,J305/0", [3_600, 7_200]), ("CET-1CEST,59/0,304", [3_600, 7_200]),
            // Summer all the year.
            ("XXX3EDT4,0/0,J365/23", [-14_400, -14_400]), ("A<B", nil), ("UTC", nil), ("U0", nil),
            ("UTC0 ", nil), ("UTC25", nil), ("CET-1CEST", nil), ("CET-1CEST,M3.5.0", nil),
            ("CET-1CEST,M13.5.0,M10.5.0", nil), ("CET-1CEST,M3.6.0,M10.5.0", nil),
            ("CET-1CEST,M3.5.7,M10.5.0", nil), ("CET-1CEST,J0,J1", nil), ("CET-1CEST,0,366", nil),
            ("CET-1CEST,M3.5.0/168,M10.5.0", nil), ("CET-1CEST,M3.5.0,M10.5.0,", nil), ("<AB>0", nil),
            ("<+99999999999999999999>9999999999999999999", nil), ("-", nil),
        ] as [(String, [Int64]?)])
    func posix(text: String, winterAndSummer: [Int64]?) throws {
        let rule = try? RecurringChanges(posix: text)
        let offsets = try rule.map { rule in
            try ["2070-01-15T00:00:00", "2070-07-15T00:00:00"].map {
                rule.offset(at: try utc($0).milliseconds / 1_000)
            }
        }
        #expect(offsets == winterAndSummer)
    }

    @Test("numbers the days of a year with 29 February, or without it")
    func numberedDays() throws {
        func day(_ day: YearlyTime.Day, _ year: Int64) -> CivilDate {
            YearlyTime(day: day, seconds: 0).local(of: year).date
        }
        #expect(day(.numbered(59), 2_024) == CivilDate(year: 2_024, month: 2, day: 28))
        #expect(day(.numbered(60), 2_024) == CivilDate(year: 2_024, month: 3, day: 1))
        #expect(day(.numbered(60), 2_025) == CivilDate(year: 2_025, month: 3, day: 1))
        #expect(day(.numbered(365), 2_024) == CivilDate(year: 2_024, month: 12, day: 31))
        #expect(day(.counted(59), 2_024) == CivilDate(year: 2_024, month: 2, day: 29))
        #expect(day(.counted(59), 2_025) == CivilDate(year: 2_025, month: 3, day: 1))
        #expect(day(.weekday(0, week: 5, month: 3), 2_026) == CivilDate(year: 2_026, month: 3, day: 29))
        #expect(day(.weekday(0, week: 5, month: 2), 2_026) == CivilDate(year: 2_026, month: 2, day: 22))
        #expect(day(.weekday(4, week: 1, month: 1), 2_026) == CivilDate(year: 2_026, month: 1, day: 1))
    }

    @Test(
        "is named by a name that leads nowhere else",
        arguments: [
            ("Europe/Berlin", true), ("UTC", true), ("Etc/GMT+5", true), ("America/Port-au-Prince", true),
            ("America/Argentina/ComodRivadavia", true), ("", false), ("/etc/passwd", false), ("..", false),
            ("Europe/../../etc/passwd", false), ("Europe/", false), ("Europe//Berlin", false),
            ("./UTC", false), ("tzdata.zi", false), ("Europe/Berlin\0", false), ("+VERSION", false),
            ("Europe Berlin", false), (String(repeating: "a", count: 65), false),
        ])
    func names(name: String, isTaken: Bool) {
        #expect(TimeZoneName.accepts(name) == isTaken)
    }
}
