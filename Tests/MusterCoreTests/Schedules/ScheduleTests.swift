import Testing

@testable import MusterCore

@Suite("A schedule")
struct ScheduleTests {
    private func window(
        _ cron: String, _ zone: String = "UTC", hours: Double = 1, lead: Duration = .zero,
        minimum: Int? = nil,
        headroom: Int? = nil, name: String? = nil
    ) throws -> ScheduleWindow {
        ScheduleWindow(
            name: name, cron: try CronExpression(cron), timeZone: TimeZoneName(rawValue: zone),
            duration: .milliseconds(Int64(hours * 3_600_000)), lead: lead, minimum: minimum,
            headroom: headroom)
    }

    private func floor(_ windows: [ScheduleWindow], _ now: String) throws -> ScheduledFloor {
        try #require(
            ScheduledFloor(windows, at: utc(now)) { $0 == .utc ? .utc : try? zone($0.rawValue) })
    }

    @Test(
        "holds from its start to its end by the clock of its zone",
        arguments: [
            ("2026-11-20T06:59:59.999", 0, "2026-11-20T07:00:00"),
            ("2026-11-20T07:00:00", 20, "2026-11-20T17:00:00"),
            ("2026-11-20T16:59:59.999", 20, "2026-11-20T17:00:00"),
            ("2026-11-20T17:00:00", 0, "2026-11-23T07:00:00"),
            ("2026-07-01T05:59:59", 0, "2026-07-01T06:00:00"),
            ("2026-07-01T06:00:00", 20, "2026-07-01T16:00:00"),
        ])
    func officeHours(now: String, minimum: Int, until: String) throws {
        let office = try window(
            "0 8 * * MON-FRI", "Europe/Berlin", hours: 10, minimum: 20, name: "office hours")
        let floor = try floor([office], now)
        #expect(floor.minimum == minimum && floor.headroom == 0 && floor.unknown.isEmpty)
        #expect(floor.minimumFrom == (minimum > 0 ? ["office hours"] : []))
        #expect(try floor.until == utc(until))
    }

    @Test("opens by its lead before it starts, and ends when it would")
    func lead() throws {
        let office = try window("0 8 * * *", hours: 2, lead: .seconds(600), minimum: 5)
        #expect(try floor([office], "2026-11-20T07:49:59").minimum == 0)
        #expect(try floor([office], "2026-11-20T07:49:59").until == utc("2026-11-20T07:50:00"))
        #expect(try floor([office], "2026-11-20T07:50:00").minimum == 5)
        #expect(try floor([office], "2026-11-20T07:50:00").until == utc("2026-11-20T10:00:00"))
        #expect(try floor([office], "2026-11-20T10:00:00").minimum == 0)
    }

    @Test("lasts for a time that passes, whatever its clock does meanwhile")
    func acrossTheChange() throws {
        let night = try window("0 1 * * *", "Europe/Berlin", hours: 4, minimum: 5)
        #expect(try floor([night], "2026-10-25T00:00:00").until == utc("2026-10-25T03:00:00"))
        #expect(try floor([night], "2026-03-29T00:30:00").until == utc("2026-03-29T04:00:00"))
    }

    @Test("takes the largest of what overlaps, and says until when")
    func overlap() throws {
        let windows = [
            try window("0 8 * * *", hours: 10, minimum: 20, name: "day"),
            try window("0 10 * * *", hours: 2, minimum: 5, headroom: 7, name: "small"),
            try window("0 12 * * *", hours: 2, minimum: 30, headroom: 3, name: "noon"),
            try window("30 12 * * *", hours: 1, minimum: 30, name: "lunch"),
        ]
        let before = try floor(windows, "2026-11-20T09:00:00")
        #expect(before.minimum == 20 && before.headroom == 0)
        #expect(try before.until == utc("2026-11-20T10:00:00"))
        let morning = try floor(windows, "2026-11-20T10:30:00")
        #expect(morning.minimum == 20 && morning.headroom == 7)
        #expect(morning.minimumFrom == ["day"] && morning.headroomFrom == ["small"])
        let noon = try floor(windows, "2026-11-20T12:40:00")
        #expect(noon.minimum == 30 && noon.minimumFrom == ["noon", "lunch"] && noon.headroom == 3)
    }

    @Test("looks past what opens and ends beneath a larger one")
    func beneath() throws {
        let windows = [
            try window("0 8 * * *", hours: 10, minimum: 20),
            try window("*/30 * * * *", hours: 0.25, minimum: 5),
        ]
        #expect(try floor(windows, "2026-11-20T15:00:00").until == utc("2026-11-20T18:00:00"))
    }

    @Test("that lasts longer than its period is always open, and has no end in sight")
    func always() throws {
        for cron in ["* * * * *", "0 0 * * *", "0 0 1 * *"] {
            let floor = try floor([window(cron, hours: 24 * 32, minimum: 5)], "2026-11-20T10:17:00")
            #expect(floor.minimum == 5 && floor.until == nil, "\(cron)")
        }
    }

    @Test("is one window where several meet")
    func meeting() throws {
        let quarters = try window("*/15 8-17 * * *", hours: 0.25, minimum: 5)
        #expect(try floor([quarters], "2026-11-20T08:00:00").until == utc("2026-11-20T18:00:00"))
        #expect(try floor([quarters], "2026-11-20T18:00:00").until == utc("2026-11-21T08:00:00"))
        let apart = try window("0 * * * *", hours: 0.5, minimum: 5)
        #expect(try floor([apart], "2026-11-20T08:10:00").until == utc("2026-11-20T08:30:00"))
    }

    @Test("does not count windows of zones that nobody can read, and names them")
    func unknown() throws {
        let windows = [
            try window("0 8 * * *", "Mars/Base", minimum: 9), try window("0 8 * * *", hours: 4, minimum: 3),
        ]
        let floor = try floor(windows, "2026-11-20T09:00:00")
        #expect(floor.minimum == 3 && floor.unknown == ["0 8 * * * Mars/Base"])
        #expect(try floor.until == utc("2026-11-20T12:00:00"))
    }

    @Test("of nothing is none")
    func none() {
        #expect(ScheduledFloor([], at: noon) { _ in .utc } == nil)
    }

    @Test("holds just when its latest start says so, at any moment and in any zone")
    func property() throws {
        var generator = SeededGenerator(seed: 12)
        for name in someZones {
            let zone = try zone(name)
            for _ in 0..<30 {
                let minute = Int.random(in: 0..<60, using: &generator)
                let window = try window(
                    "\(minute) */\(Int.random(in: 1...9, using: &generator)) * * *", name,
                    hours: .random(in: 0.1...5, using: &generator),
                    lead: .seconds(Int64.random(in: 0...3_600, using: &generator)), minimum: 1)
                let now = Timestamp(milliseconds: .random(in: 0...4_000_000_000_000, using: &generator))
                let floor = try #require(ScheduledFloor([window], at: now) { _ in zone })
                let start = try #require(window.cron.latestStart(by: now + window.lead, in: zone))
                #expect((floor.minimum == 1) == (now < start + window.duration))
                guard let until = floor.until else { continue }
                let after = try #require(ScheduledFloor([window], at: until) { _ in zone })
                let before = ScheduledFloor([window], at: until - .milliseconds(1)) { _ in zone }
                #expect(until > now && after.minimum != floor.minimum && before?.minimum == floor.minimum)
            }
        }
    }
}
