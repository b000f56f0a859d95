import Testing

@testable import MusterCore

@Suite("A time zone's rules")
struct TimeZoneRulesTests {
    @Test(
        "tell how far its clock is from universal time, in the past and far in the future",
        arguments: [
            ("Europe/Berlin", "1890-01-01T00:00:00", 3_208), ("Europe/Berlin", "2026-01-15T12:00:00", 3_600),
            ("Europe/Berlin", "2026-03-29T00:59:59", 3_600), ("Europe/Berlin", "2026-03-29T01:00:00", 7_200),
            ("Europe/Berlin", "2026-10-25T00:59:59", 7_200), ("Europe/Berlin", "2026-10-25T01:00:00", 3_600),
            ("Europe/Berlin", "2100-07-01T00:00:00", 7_200), ("Europe/Berlin", "2345-12-01T00:00:00", 3_600),
            ("America/New_York", "2026-07-01T00:00:00", -14_400),
            ("America/New_York", "2099-11-01T05:59:59", -14_400),
            ("America/New_York", "2099-11-01T06:00:00", -18_000),
            // Half an hour, in a summer that spans the year's end.
            ("Australia/Lord_Howe", "2026-01-01T00:00:00", 39_600),
            ("Australia/Lord_Howe", "2026-07-01T00:00:00", 37_800),
            ("Australia/Lord_Howe", "2060-07-01T00:00:00", 37_800),
            ("Australia/Lord_Howe", "2060-01-01T00:00:00", 39_600),
            ("Asia/Kathmandu", "1980-01-01T00:00:00", 19_800),
            ("Asia/Kathmandu", "2026-01-01T00:00:00", 20_700),
            ("Pacific/Apia", "2011-12-30T09:59:59", -36_000),
            ("Pacific/Apia", "2011-12-30T10:00:00", 50_400),
            // The standard is summer's, and winter is the exception.
            ("Europe/Dublin", "2050-01-01T00:00:00", 0), ("Europe/Dublin", "2050-07-01T00:00:00", 3_600),
            // Changes before midnight, and after the day's end.
            ("America/Nuuk", "2050-07-01T00:00:00", -3_600), ("America/Nuuk", "2050-01-01T00:00:00", -7_200),
            ("Asia/Jerusalem", "2050-03-24T23:59:59", 7_200),
            ("Asia/Jerusalem", "2050-03-25T00:00:00", 10_800),
            ("Africa/Casablanca", "2100-01-01T00:00:00", 3_600),
            ("Asia/Tokyo", "2200-01-01T00:00:00", 32_400),
            ("Etc/GMT+5", "2026-01-01T00:00:00", -18_000),
        ])
    func offsets(name: String, moment: String, seconds: Int) throws {
        let moment = try utc(moment)
        #expect(try zone(name).offset(at: moment) == .seconds(seconds))
        #expect(try zone(name).local(at: moment).seconds == moment.milliseconds / 1_000 + Int64(seconds))
    }

    @Test(
        "find the first moment that shows a time: that of the jump for one that is skipped, the first of two",
        arguments: [
            ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
            ("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00"),
            ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:00:00"),
            ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
            ("Europe/Berlin", "2026-03-29T03:00:01", "2026-03-29T01:00:01"),
            ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00"),
            ("Europe/Berlin", "2026-10-25T02:59:59", "2026-10-25T00:59:59"),
            ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
            ("Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-03T15:30:00"),
            ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00"),
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00"),
            ("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00"),
            ("Europe/Berlin", "2090-03-26T02:30:00", "2090-03-26T01:00:00"),
        ])
    func mapping(name: String, local: String, moment: String) throws {
        #expect(try zone(name).firstMoment(showing: wall(local)) == utc(moment))
    }

    @Test("know the latest time that the clock has shown, also after it was set back")
    func latestShown() throws {
        let berlin = try zone("Europe/Berlin")
        #expect(try berlin.latestShown(by: utc("2026-10-25T00:30:00")) == wall("2026-10-25T02:30:00"))
        #expect(try berlin.latestShown(by: utc("2026-10-25T01:10:00")) == wall("2026-10-25T02:59:59"))
        #expect(try berlin.latestShown(by: utc("2026-10-25T02:00:00")) == wall("2026-10-25T03:00:00"))
        #expect(try berlin.latestShown(by: utc("2026-07-01T12:00:00.999")) == wall("2026-07-01T14:00:00"))
    }

    @Test("map both ways so that they agree, around every change of many zones")
    func agreement() throws {
        var generator = SeededGenerator(seed: 9)
        for name in someZones {
            let zone = try zone(name)
            let moments = zone.changes.suffix(60).map(\.at) + [4_000_000_000, 7_000_000_000]
            for moment in moments {
                let now = Timestamp(
                    milliseconds: (moment + .random(in: -90_000...90_000, using: &generator)) * 1_000)
                let local = LocalTime(
                    seconds: moment + 3_600 * .random(in: -40...40, using: &generator))
                #expect(
                    (zone.firstMoment(showing: local) <= now) == (local <= zone.latestShown(by: now)),
                    "\(name) \(now) \(local)")
                #expect(zone.firstMoment(showing: zone.local(at: now)) <= now)
            }
        }
    }

    @Test("say of years that the file lists what its footer says of them", arguments: someZones)
    func footer(name: String) throws {
        let whole = try zone(name)
        let until = try utc("2026-06-01T00:00:00").milliseconds / 1_000
        let cut = TimeZoneRules(
            changes: whole.changes.filter { $0.at < until }, earliest: whole.earliest,
            recurring: whole.recurring)
        // Morocco's changes follow the moon, and are listed one by one.
        guard name != "Africa/Casablanca" else { return }
        for hour in 0..<24 * 365 {
            let moment = Timestamp(milliseconds: (until + 7_200 + Int64(hour) * 36_000) * 1_000)
            guard whole.offset(at: moment) != cut.offset(at: moment) else { continue }
            Issue.record("\(name): \(moment)")
            return
        }
    }

    @Test("do not fail at the ends of time")
    func ends() throws {
        for name in ["Europe/Berlin", "Etc/UTC"] {
            let zone = try zone(name)
            for moment in [Timestamp(milliseconds: .min), Timestamp(milliseconds: .max)] {
                let local = zone.local(at: moment)
                _ = zone.firstMoment(showing: local)
                _ = zone.latestShown(by: moment)
            }
        }
    }
}

/// Zones of every kind of change.
let someZones = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
    "Europe/Dublin", "America/Nuuk", "Asia/Jerusalem", "Africa/Casablanca", "America/Santiago",
    "Asia/Tehran", "Pacific/Chatham", "Africa/Cairo", "America/Havana", "Asia/Beirut", "Europe/London",
    "America/Asuncion", "Pacific/Kiritimati", "Antarctica/Troll", "Asia/Kolkata", "Etc/UTC",
]
