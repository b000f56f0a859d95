import MusterCore
import Testing

@testable import MusterSimulator

@Suite("A schedule in a simulation")
struct ScheduleTests {
    /// The epoch was a Thursday; a minute past its first hour, two hours long.
    private func scheduled(_ lead: Duration = .zero) throws -> SimulatedPoolSettings {
        var settings = pool()
        settings.schedule = [
            ScheduleWindow(
                cron: try CronExpression("1 1 * * THU"), duration: .seconds(7_200), lead: lead, minimum: 3)
        ]
        return settings
    }

    @Test("has workers ready from its start on, and lets them go at its end")
    func ready() throws {
        // One at once, three within the window, and one long after it.
        let tasks = try trace([(0, 60), (4_000, 60), (4_000, 60), (4_000, 60), (20_000, 60)])
        let plain = try run(SimulationSetup(trace: tasks, pool: pool(), cloud: exactCloud()), "muster")
        let ready = try run(
            SimulationSetup(trace: tasks, pool: try scheduled(), cloud: exactCloud()), "muster")
        #expect(plain.result.waitSeconds.mean == 121)
        #expect(ready.result.waitSeconds.mean == 121 * 2 / 5.0)
        // At the start of the window the first task's worker is gone: three are asked for at 3660 s, idle until
        // 10860 s, and 30 s later gone.
        #expect(ready.result.launches == 5)
        #expect(ready.result.workerHours > 3 * 7_200 / 3_600.0)
        #expect(ready.result.workerHours < 3 * 7_600 / 3_600.0)
    }

    @Test("opens by its lead earlier")
    func lead() throws {
        let tasks = try trace([(0, 60), (3_660, 60), (3_660, 60), (3_660, 60)])
        func wait(_ lead: Duration) throws -> Double {
            try run(SimulationSetup(trace: tasks, pool: try scheduled(lead), cloud: exactCloud()), "muster")
                .result.waitSeconds.mean
        }
        #expect(try wait(.zero) == 121)
        #expect(try wait(.seconds(121)) == 121 / 4.0)
    }

    @Test("holds no longer than to the last task")
    func ends() throws {
        let tasks = try trace([(0, 60), (4_000, 60)])
        let report = try run(
            SimulationSetup(trace: tasks, pool: try scheduled(), cloud: exactCloud()), "muster")
        #expect(report.result.unfinished == nil && report.result.workerHours < 1)
    }

    @Test("is read from a scenario, by universal time alone")
    func document() throws {
        func settings(_ zone: String) -> (SimulatedPoolSettings, [Problem]) {
            let window = Document.object([
                "cron": .string("@daily"), "timeZone": .string(zone), "duration": .integer(60),
                "minimum": .integer(2),
            ])
            let reader = DocumentReader(.object(["schedule": Document(.array([window]))]))
            return (SimulatedPoolSettings(reader), reader.found)
        }
        #expect(settings("UTC").0.schedule.map(\.minimum) == [2] && settings("UTC").1.isEmpty)
        #expect(settings("Europe/Berlin").1.map(\.field) == ["schedule"])
    }
}
