import FoundationEssentials
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A pool with a schedule", .timeLimit(.minutes(1)))
struct ScheduledPassTests {
    /// Nine o'clock in Berlin on Friday, 15 January 2027.
    private let clock = ManualClock(at: Timestamp(milliseconds: 1_800_000_000_000))

    private func window(
        _ cron: String, _ zone: String = "Europe/Berlin", duration: Int64 = 3_600, minimum: Int = 3
    ) throws -> ScheduleWindow {
        ScheduleWindow(
            name: "office hours", cron: try CronExpression(cron), timeZone: TimeZoneName(rawValue: zone),
            duration: .seconds(duration), minimum: minimum)
    }

    private func define(_ bench: EngineBench, _ schedule: [ScheduleWindow]) async throws {
        try await bench.define {
            $0.schedule = schedule
            $0.lifecycle.idleTimeout = .seconds(60)
        }
    }

    @Test("has what a window asks for from its start on, and no longer than to its end")
    func window() async throws {
        let bench = try await EngineBench(clock: clock)
        try await define(bench, [window("5 9 * * MON-FRI")])
        let start = clock.now() + .seconds(300)
        #expect(try await bench.pass() == start)
        clock.advance(by: .milliseconds(299_999))
        try await bench.pass()
        #expect(bench.provider.started == 0)

        clock.advance(by: .milliseconds(1))
        #expect(try await bench.pass() == start + .seconds(3_600))
        #expect(bench.provider.started == 3)
        #expect(
            try await bench.plan()?.reasons.last?.message
                == "The window office hours keeps 3 until 2027-01-15T09:05:00.000Z.")
        try await bench.registerAll()
        clock.advance(by: .milliseconds(3_599_999))
        try await bench.pass()
        #expect(try await bench.capacity()[.running].workers == 3)

        clock.advance(by: .milliseconds(1))
        // The next one is on Monday.
        #expect(try await bench.pass() == Timestamp("2027-01-18T08:05:00Z"))
        #expect(try await bench.capacity()[.running].workers == 0)
        #expect(try await bench.capacity()[.stopping].workers == 3)
        #expect(bench.provider.started == 3)
    }

    @Test("is looked at when a window starts and ends, not when the interval has passed")
    func wakes() async throws {
        var policy = EnginePolicy()
        policy.passInterval = .seconds(86_400)
        let bench = try await EngineBench(policy: policy, clock: clock)
        try await define(bench, [window("5 9 * * *")])
        let loops = PassLoops(bench.context, launcher: bench.launcher)
        loops.work(on: [EngineBench.pool], of: [EngineBench.pool])
        await clock.untilSleeping(for: .seconds(300))
        #expect(bench.provider.started == 0)
        clock.advance(by: .seconds(300))
        await bench.provider.called(1)
        #expect(bench.provider.started == 3)
        await clock.untilSleeping(for: .seconds(3_600))
        await loops.stop()
    }

    @Test("is told of a time zone that is not there when it is defined, and nothing is changed")
    func unknownZone() async throws {
        let bench = try await EngineBench(clock: clock)
        let problems = await #expect(throws: Problems.self) {
            try await define(bench, [window("@daily"), window("@daily", "Europe/Berlni")])
        }
        #expect(problems?.all.map(\.field) == ["demo/build: config.schedule[1].timeZone"])
        #expect(problems?.all.first?.message.contains("there is no time zone Europe/Berlni") == true)
        #expect(try await bench.store.read { try await $0.pool(EngineBench.pool) } == nil)
    }

    @Test("goes by what was last known of a time zone that has vanished")
    func vanished() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/Home"
        let berlin = try TextFile.read("\(TimeZoneFiles.usualFolder)/Europe/Berlin", limit: 1 << 20)
        try DurableFile.write(berlin, to: file, mode: 0o644)
        let bench = try await EngineBench(clock: clock, zones: folder.path)
        try await define(bench, [window("30 9 * * *", "Home")])
        try FileManager.default.removeItem(atPath: file)
        clock.advance(by: .seconds(1_800))
        try await bench.pass()
        #expect(bench.provider.started == 3)
        #expect(bench.log.complaints.contains("a time zone could not be read"))
    }

    @Test("keeps its own minimum when nobody knows of a time zone, says so, and goes on once it is there")
    func unknownAfterStart() async throws {
        let folder = try TemporaryFolder()
        let bench = try await EngineBench(clock: clock, zones: folder.path)
        try await bench.define(min: 1)
        // As another process has defined it, whose machine had the zone.
        let schedule = [try window("30 9 * * *", "Home", duration: 7_200)]
        try await bench.store.write(in: .store) { transaction in
            guard var pool = try await transaction.pool(EngineBench.pool) else { return }
            pool.definition.schedule = schedule
            try await transaction.save(pool)
        }
        clock.advance(by: .seconds(1_800))
        try await bench.pass()
        #expect(bench.provider.started == 1)
        #expect(
            try await bench.plan()?.reasons.first { $0.code == "schedule-unknown" }?.message
                == "The window office hours does not count: the rules of the time zone cannot be read.")
        let berlin = try TextFile.read("\(TimeZoneFiles.usualFolder)/Europe/Berlin", limit: 1 << 20)
        try DurableFile.write(berlin, to: "\(folder.path)/Home", mode: 0o644)
        try await bench.pass()
        #expect(bench.provider.started == 3)
    }

    @Test("shows what changes about its windows")
    func difference() async throws {
        let bench = try await EngineBench(clock: clock)
        try await define(bench, [window("@daily", "UTC")])
        var changed = try #require(try await bench.store.read { try await $0.pool(EngineBench.pool) })
        #expect(changed.definition.schedule == [try window("@daily", "UTC")])
        changed.definition.schedule = []
        let configs = try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool) }
        changed.definition.launchConfigs = configs.map(\.definition)
        let changes = try await bench.control.apply(
            [changed.definition], prune: false, dryRun: true, by: "Ada")
        #expect(
            changes.flatMap(\.changes).map { "\($0.what): \($0.how)" } == [
                #"schedule: [{"cron":"@daily","duration":3600,"minimum":3,"name":"office hours","timeZone":"UTC"}] → []"#
            ])
    }
}
