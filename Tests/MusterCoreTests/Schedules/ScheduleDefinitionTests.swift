import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterCore

@Suite("A schedule as a pool's definition says it")
struct ScheduleDefinitionTests {
    private func yaml(_ windows: String) -> String {
        "{workerPoolId: a/b, providerId: local, config: {maxCapacity: 40, schedule: \(windows)}}"
    }

    @Test("is read, shown and kept as it was written")
    func roundTrip() throws {
        let pool = try PoolDefinitionTests.read(
            yaml(
                """
                [{name: office hours, cron: "0 8 * * MON-FRI", timeZone: Europe/Berlin, duration: 36000,
                  lead: 300, minimum: 20}, {cron: "@daily", duration: 90.5, headroom: 3}]
                """))
        #expect(pool.schedule.count == 2)
        let office = try #require(pool.schedule.first)
        #expect(office.title == "office hours" && office.timeZone.rawValue == "Europe/Berlin")
        #expect(office.duration == .seconds(36_000) && office.lead == .seconds(300))
        #expect(office.minimum == 20 && office.headroom == nil)
        #expect(pool.schedule[1].title == "@daily UTC" && pool.schedule[1].headroom == 3)
        let shown = try PoolDefinition(
            JSON.document(Array(pool.document.canonicalJSON.utf8)), digest: SHA256.hash)
        #expect(shown == pool)
        let kept = PoolDefinition(
            id: pool.id, providerID: pool.providerID, description: "", owner: "", emailOnError: false,
            stored: try JSON.document(Array(pool.documentWithoutLaunchConfigs.canonicalJSON.utf8)))
        #expect(kept.schedule == pool.schedule)
        // A pool without one says nothing of it.
        #expect(try PoolDefinitionTests.read(yaml("[]")).document["config"]?["schedule"] == nil)
    }

    @Test(
        "that makes no sense is refused with the field",
        arguments: [
            (#"[{cron: "0 8 * *", duration: 60, minimum: 1}]"#, "config.schedule[0].cron: has 4 parts"),
            (#"[{duration: 60, minimum: 1}]"#, "config.schedule[0].cron: is missing"),
            (#"[{cron: "@daily", minimum: 1}]"#, "config.schedule[0].duration: is missing"),
            (
                #"[{cron: "@daily", duration: 59, minimum: 1}]"#,
                "config.schedule[0].duration: must be from 60"
            ),
            (
                #"[{cron: "@daily", duration: 60}]"#,
                "config.schedule[0].minimum: is missing, and so is headroom"
            ),
            (#"[{cron: "@daily", duration: 60, minimum: 0}]"#, "config.schedule[0].minimum: must be from 1"),
            (
                #"[{cron: "@daily", duration: 60, minimum: 41}]"#,
                "config.schedule: has a minimum of 41, which is above maxCapacity, 40"
            ),
            (
                #"[{cron: "@daily", duration: 60, minimum: 1, timeZone: ../../etc/passwd}]"#,
                "config.schedule[0].timeZone: \"../../etc/passwd\" is not a time zone"
            ),
            (
                #"[{cron: "@daily", duration: 60, minimum: 1, name: ""}]"#,
                "config.schedule[0].name: must be text"
            ),
            (
                #"[{cron: "@daily", duration: 60, minimum: 1}, {cron: "@daily", duration: 60, minimum: 1, zone: UTC}]"#,
                "config.schedule[1].zone: is not a known field"
            ),
            (#"{cron: "@daily"}"#, "config.schedule: must be a list"),
            (#"[8]"#, "config.schedule[0]: must be an object"),
        ])
    func refused(windows: String, words: String) throws {
        let problems = try PoolDefinitionTests.problems(yaml(windows))
        #expect(problems.first?.contains(words) == true, "\(problems)")
    }

    @Test("has a hundred windows at most")
    func bounded() throws {
        let window = #"{cron: "@daily", duration: 60, minimum: 1}"#
        let hundred = Array(repeating: window, count: 100)
        #expect(try PoolDefinitionTests.problems(yaml("[\(hundred.joined(separator: ","))]")).isEmpty)
        let more = hundred + [window]
        let problems = try PoolDefinitionTests.problems(yaml("[\(more.joined(separator: ","))]"))
        #expect(problems.first?.contains("config.schedule: must have at most 100") == true)
    }
}
