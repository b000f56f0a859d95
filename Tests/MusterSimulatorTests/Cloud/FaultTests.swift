import MusterCore
import MusterRuntime
import Testing

@testable import MusterSimulator

@Suite("What goes wrong in the simulated cloud")
struct FaultTests {
    /// One launch config, tasks of a minute, and a fault.
    private func report(
        _ tasks: [(Double, Double)], _ fault: CloudFault, _ policy: String = "plain", configs: Int = 1
    ) throws -> SimulationReport {
        try run(
            SimulationSetup(trace: try trace(tasks), pool: pool(configs), cloud: exactCloud([fault])), policy)
    }

    @Test("during an outage everything is refused, and afterwards nothing")
    func outage() throws {
        let outage = CloudFault(.outage, until: .time(.seconds(100)))
        let report = try report([(0, 60)], outage)
        // A call each two seconds: one for the answer, and the gap between two passes.
        #expect(report.launchConfigs[0].refused > 10)
        #expect(report.result.failedLaunches == report.launchConfigs[0].refused)
        #expect((220...225).contains(report.result.waitSeconds.mean))
        #expect(report.launchConfigs[0].registered == 1)
    }

    @Test("Muster tries seldom while nothing comes, and soon when something would")
    func rests() throws {
        let outage = CloudFault(.outage, until: .time(.seconds(3_600)))
        let report = try report([(0, 60)], outage, "muster")
        #expect(report.result.failedLaunches < 60)
        #expect((3_720...3_850).contains(report.result.waitSeconds.mean))
    }

    @Test("what is marked is left alone while others launch, and tried when the mark ends")
    func marks() throws {
        let outage = CloudFault(.outage, configs: [0], until: .time(.seconds(1_200)))
        let tasks = (0..<200).map { (Double($0) * 10, 3_600.0) }
        let report = try report(tasks, outage, "muster", configs: 2)
        // Refused at once, then when the mark ends, and then with rests up to eight minutes.
        #expect((4...7).contains(report.launchConfigs[0].refused))
        #expect(report.launchConfigs[0].registered > 0 && report.launchConfigs[1].refused == 0)
    }

    @Test("a quota of one launch config says nothing of the others")
    func narrowQuota() throws {
        let tasks = Array(repeating: (0.0, 600.0), count: 40)
        let fault = CloudFault(.quota(instances: 5), configs: [0])
        let report = try report(tasks, fault, "muster", configs: 2)
        #expect(report.launchConfigs[0].registered == 5 && report.launchConfigs[1].registered == 35)
        #expect(report.result.waitSeconds.p99 < 130)
    }

    @Test("a quota refuses what would exceed it")
    func quota() throws {
        let tasks = Array(repeating: (0.0, 600.0), count: 5)
        let report = try report(tasks, CloudFault(.quota(instances: 2)))
        #expect(report.launchConfigs[0].registered == 2 && report.result.failedLaunches >= 3)
        // Two at once, in three rounds.
        #expect(report.result.waitSeconds.mean == Double(121 + 121 + 721 + 721 + 1_321) / 5)
    }

    @Test("a throttled call says when to come back, and says nothing against the launch config")
    func throttling() throws {
        let fault = CloudFault(
            .throttling(retryAfter: .seconds(30)), until: .time(.seconds(60)))
        let report = try report([(0, 60)], fault, "muster")
        // Refused at 1 s and at 32 s; the next call begins at 62 s.
        #expect(report.launchConfigs[0].refused == 2)
        #expect(report.result.waitSeconds.mean == 62 + 121)
    }

    @Test("workers of a bad image never register, are ended, and are billed until then")
    func badImage() throws {
        let report = try report([(0, 60)], CloudFault(.badImage, until: .time(.seconds(2))))
        #expect(report.launchConfigs[0].neverRegistered == 1 && report.launchConfigs[0].registered == 1)
        // Given up 900 s after it was given; the next is asked for then.
        #expect(report.result.waitSeconds.mean == 901 + 121)
        let billed = Double(900 + 30 + 120 + 60 + 900 + 30)
        #expect(abs(report.result.workerHours - billed / 3_600) < 1e-9)
    }

    @Test("an interruption ends a run after its notice, and the task runs again from its beginning")
    func interruption() throws {
        let storm = CloudFault(
            .interruptions(perHour: 3_600_000, notice: .seconds(150)), from: .time(.seconds(130)),
            until: .time(.seconds(131)))
        let report = try report([(0, 600)], storm)
        #expect(report.launchConfigs[0].interrupted == 1 && report.lostRuns == 1)
        #expect(report.result.launches == 2 && report.launchConfigs[0].registered == 2)
        // The other was asked for at the notice, and was there when the first was taken back.
        #expect(report.result.unfinished == nil && report.result.waitSeconds.mean == 121)
        #expect(report.result.taskHours == 600.0 / 3_600)
        #expect((279.0...281.0).contains(report.result.workerHours * 3_600 - Double(880 + 900 + 30 - 132)))
    }

    @Test("deletions that are stuck are billed, and are overdue after their time")
    func stuckDeletions() throws {
        let fault = CloudFault(.stuckDeletions(.seconds(7_200)))
        let tasks = try trace([(0, 60), (2_000, 60)])
        let setup = SimulationSetup(trace: tasks, pool: pool(max: 1), cloud: exactCloud([fault]))
        let report = try run(setup)
        // The first is retired at 1081 s and overdue ten minutes later, before the second is wanted.
        #expect(report.result.waitSeconds.p99 == 121 && report.result.launches == 2)
        let billed = Double(1_080 + 7_200) * 2
        #expect(abs(report.result.workerHours - billed / 3_600) < 1e-9)
    }

    @Test("numbers that are stale are those of the fault's beginning; Muster launches nothing for them")
    func staleCounts() throws {
        let fault = CloudFault(.staleCounts, from: .time(.seconds(10)), until: .time(.seconds(1_000)))
        let report = try report([(0, 60), (300, 2_000), (300, 60)], fault, "muster")
        // The worker of the first takes the second; the third waits for numbers that are true.
        #expect(report.result.waitSeconds.p50 == 121 && report.result.launches == 2)
        #expect((700 + 121...700 + 123).contains(report.result.waitSeconds.p99))
    }

    @Test("troubles of the same launch configs that follow one another are one, which ends with the last")
    func troubles() {
        let script = CloudScript(
            faults: NamedFaults.halfOut.faults(launchConfigs: 4) + [CloudFault(.outage)])
        let cloud = SimulatedCloud(script, span: .seconds(1_000), seed: 1)
        #expect(cloud.troubles.count == 1)
        #expect(cloud.troubles.first?.configs == [0, 1] && cloud.troubles.first?.end == 700_000)
    }

    @Test("launch configs have recovered when they got their share of the last twenty instances")
    func recovery() {
        var watch = RecoveryWatch([0, 1], end: 1_000, share: 0.5)
        watch.note([50, 50, 0, 0], at: 999)
        watch.note([0, 0, 10, 10], at: 2_000)
        watch.note([4, 3, 5, 2], at: 3_000)
        #expect(watch.recoveredAfter == nil)
        // 7 + 5 of the last 24: the first pass no longer counts.
        watch.note([5, 0, 5, 0], at: 4_000)
        #expect(watch.recoveredAfter == 3_000)
        watch.note([0, 0, 50, 0], at: 5_000)
        #expect(watch.recoveredAfter == 3_000)
    }

    @Test("boot times are log-normal about their median")
    func boots() {
        let boot = BootTime(median: .seconds(120), sigma: 0.4)
        let samples = (0..<20_000).map { ordinal in
            var generator = SeededGenerator(seed: 5, .boot, ordinal)
            return Double(boot.sample(using: &generator)) / 1_000
        }.sorted()
        #expect(abs(samples[10_000] - 120) < 2)
        // exp(0.4 × 1.2816) above and below.
        #expect(abs(samples[18_000] - 200.4) < 5 && abs(samples[2_000] - 71.9) < 2)
        // The mean is larger by exp(sigma²/2).
        #expect(abs(samples.reduce(0, +) / 20_000 - 130) < 2)
    }

    @Test("the n-th instance has the same luck whoever asks, and in whatever portions")
    func sameLuck() {
        var one = SimulatedCloud(CloudScript(), span: .seconds(10), seed: 9)
        var other = SimulatedCloud(CloudScript(), span: .seconds(10), seed: 9)
        for _ in 0..<50 {
            guard case .accepted(let left, _) = one.launch(0, at: 0, living: [0, 0]),
                case .accepted(let right, _) = other.launch(1, at: 77, living: [5, 5])
            else {
                Issue.record("refused")
                return
            }
            #expect(left == right)
        }
    }
}
