import MusterCore
import Testing

@testable import MusterSimulator

@Suite("Small simulations come to what one computes by hand")
struct TinyCaseTests {
    @Test("one task waits for the answer and the boot, and its worker is billed until it is gone")
    func oneTask() throws {
        let report = try run(SimulationSetup(trace: try trace([(0, 60)]), pool: pool(), cloud: exactCloud()))
        // Asked at 0, given at 1 s, registered at 121 s, done at 181 s, retired at 1081 s, gone at 1111 s.
        #expect(report.result.waitSeconds.mean == 121)
        #expect(report.result.workerHours == 1_110.0 / 3_600)
        #expect(report.result.idleHours == 900.0 / 3_600)
        #expect(report.result.taskHours == 60.0 / 3_600)
        #expect(report.result.utilisation == 60.0 / 1_110)
        #expect(report.result.launches == 1 && report.result.failedLaunches == 0)
        #expect(report.result.unfinished == nil && report.result.recoverySeconds == nil)
    }

    @Test("a second task that comes to an idle worker does not wait, and begins the idle time anew")
    func secondTask() throws {
        let tasks = try trace([(0, 60), (300, 100)])
        let report = try run(SimulationSetup(trace: tasks, pool: pool(), cloud: exactCloud()))
        #expect(report.result.waitSeconds.mean == 60.5 && report.result.waitSeconds.p50 == 0)
        #expect(report.result.waitSeconds.p95 == 121 && report.result.waitSeconds.p99 == 121)
        // Done at 400 s, retired at 1300 s, gone at 1330 s.
        #expect(report.result.workerHours == 1_329.0 / 3_600)
        #expect(report.result.launches == 1)
    }

    @Test("the maximum makes tasks wait for one another, in the order in which they came")
    func maximum() throws {
        let tasks = try trace([(0, 60), (0, 60), (0, 60)])
        let report = try run(SimulationSetup(trace: tasks, pool: pool(max: 1), cloud: exactCloud()))
        #expect(report.result.waitSeconds.mean == (121 + 181 + 241) / 3)
        #expect(report.result.launches == 1 && report.peakCapacity == 1)
    }

    @Test("an instance that runs two tasks at once runs two at once, and is launched for one")
    func severalSlots() throws {
        let tasks = try trace([(0, 60), (0, 60), (200, 60)])
        let report = try run(SimulationSetup(trace: tasks, pool: pool(unit: 2), cloud: exactCloud()))
        #expect(report.result.launches == 1)
        #expect(report.result.waitSeconds.mean == (121 + 121 + 0) / 3.0)
        #expect(report.result.workerHours == Double(260 + 900 + 30 - 1) / 3_600)
    }

    @Test("the minimum is launched without tasks, and ends when the last task is done")
    func minimum() throws {
        let tasks = try trace([(0, 60), (3_600, 60)])
        let report = try run(SimulationSetup(trace: tasks, pool: pool(min: 2), cloud: exactCloud()))
        #expect(report.result.launches == 2)
        // Both are given at 1 s. One has idled since 121 s and ends with the last task at 3660 s, the other 15 min
        // after it.
        #expect(report.result.workerHours == Double(3_660 + 30 - 1 + 3_660 + 900 + 30 - 1) / 3_600)
    }

    @Test("Muster makes a task wait no longer than the plain formula")
    func muster() throws {
        let setup = SimulationSetup(trace: try trace([(0, 60)]), pool: pool(), cloud: exactCloud())
        let report = try run(setup, "muster")
        #expect(report.result.waitSeconds.mean == 121 && report.result.launches == 1)
        #expect(report.result.unfinished == nil)
    }

    @Test("percentiles are those of the nearest rank")
    func percentiles() {
        let waits = SimulationResult.Waits((1...200).reversed().map { $0 * 1_000 })
        #expect(waits.p50 == 100 && waits.p95 == 190 && waits.p99 == 198 && waits.mean == 100.5)
        #expect(SimulationResult.Waits([]).p99 == 0)
    }
}
