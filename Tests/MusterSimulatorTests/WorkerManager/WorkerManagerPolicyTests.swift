import MusterCore
import Testing

@testable import MusterSimulator

@Suite struct WorkerManagerPolicyTests {
    private func report(
        _ tasks: [(arrival: Double, duration: Double)], _ policy: String = "worker-manager",
        faults: [CloudFault] = [], in settings: SimulatedPoolSettings = pool()
    ) throws -> SimulationReport {
        try run(
            SimulationSetup(trace: try trace(tasks), pool: settings, cloud: exactCloud(faults)), policy)
    }

    private func burst(of count: Int, at arrival: Double, for duration: Double) -> [(
        arrival: Double, duration: Double
    )] {
        Array(repeating: (arrival, duration), count: count)
    }

    @Test("One task waits for the answer and the boot, and its worker idles for a quarter of an hour")
    func oneTask() throws {
        let result = try report([(0, 60)]).result
        // Asked at 0, given at 1 s, registered at 121 s, done at 181 s, ends at 1081 s, gone at 1111 s.
        #expect(result.waitSeconds.mean == 121)
        #expect(result.workerHours == 1_110.0 / 3_600)
        #expect(result.launches == 1)
    }

    @Test("A task that comes while a worker boots for another waits until that one has registered")
    func second() throws {
        let result = try report([(0, 60), (3, 60)]).result
        // The second worker is asked for at 130 s, when the first has registered, and comes too late: at 181 s
        // the first is free again.
        #expect(result.waitSeconds.p50 == 121)
        #expect(result.waitSeconds.p99 == 178)
        #expect(result.launches == 2)
    }

    @Test("Without the second subtraction what comes while workers boot is launched for at the next pass")
    func once() throws {
        let tasks = burst(of: 10, at: 0, for: 3_600) + burst(of: 10, at: 15, for: 3_600)
        let setup = SimulationSetup(trace: try trace(tasks), pool: pool(), cloud: exactCloud())
        var shipped = Simulation(setup, policy: WorkerManagerPolicy(setup.pool))
        var once = Simulation(
            setup, policy: WorkerManagerPolicy(setup.pool, subtractsRequestedTwice: false))
        // Asked for at 20 s and registered at 141 s; as shipped asked for at 130 s and registered at 251 s.
        let (withoutFault, withFault) = (once.run().result, shipped.run().result)
        #expect(withoutFault.waitSeconds.p99 == 126)
        #expect(withFault.waitSeconds.p99 == 236)
    }

    @Test("Advised workers end at the next scan, and of two the busy one if it is the older")
    func advised() throws {
        let one = try report([(0, 60)], "worker-manager-advised").result
        // Done at 181 s, advised at 200 s, gone at 230 s.
        #expect(one.workerHours == 229.0 / 3_600)
        let two = try report([(0, 300), (15, 100)], "worker-manager-advised").result
        // The second, given at 131 s, is done at 351 s and stays, being the newer; the first ends with its task
        // at 421 s and is gone at 451 s; the second at 440 s and is gone at 470 s.
        #expect(two.workerHours == Double(451 - 1 + 470 - 131) / 3_600)
    }

    @Test("A refusal keeps a launch config out for an hour, and then it is tried as if nothing had been")
    func errors() throws {
        let settings = pool(2)
        let out = CloudFault(.outage, configs: [0])
        func refused(_ arrivals: Double...) throws -> Int {
            let tasks = arrivals.flatMap { burst(of: 100, at: $0, for: 60) }
            return try report(tasks, faults: [out], in: settings).launchConfigs[0].refused
        }
        let first = try refused(0)
        #expect((30...70).contains(first))
        #expect(try refused(0, 2_000) == first)
        #expect(try refused(0, 2_000, 3_700) >= first + 30)
    }

    @Test("Workers that never register are no error: their launch config is drawn as before")
    func silentImage() throws {
        let bad = CloudFault(.badImage, configs: [0])
        let tasks = (0..<6).flatMap { burst(of: 40, at: Double($0) * 4_000, for: 60) }
        let outcomes = try report(tasks, faults: [bad], in: pool(2)).launchConfigs
        #expect(outcomes[0].neverRegistered == outcomes[0].asked)
        #expect(Double(outcomes[0].asked) > 0.35 * Double(outcomes[0].asked + outcomes[1].asked))
    }

    @Test(
        "A worker that does not come is given up when it should have registered, and after two hours at most",
        arguments: [
            (Duration?.some(.seconds(900)), Duration.seconds(900)), (.seconds(10_800), .seconds(7_200)),
            (nil, .seconds(7_200)),
        ])
    func patience(timeout: Duration?, patience: Duration) {
        #expect(WorkerManagerLifecycle(registrationTimeout: timeout).patience == patience)
    }

    @Test("An instance that boots longer than two hours is lost, whatever the pool allows")
    func slowBoot() throws {
        var settings = pool()
        settings.lifecycle.registrationTimeout = .seconds(6 * 3_600)
        let slow = CloudFault(.slowBoots(factor: 90), until: .time(.seconds(60)))
        let report = try report([(0, 60), (8_000, 60)], faults: [slow], in: settings)
        // Three hours would have been enough; given up at 7201 s, and launched again at 7210 s.
        #expect(report.launchConfigs[0].neverRegistered == 1)
        #expect(report.result.waitSeconds.p99 == 7_331)
    }

    @Test("Throttled calls wait fifty seconds, and the sixth refusal in a row is an error")
    func throttled() {
        var backoff = WorkerManagerBackoff()
        #expect(!backoff.isPaused(at: noon))
        var now = noon
        for attempt in 1...6 {
            // The other calls of the same pass fare the same.
            for _ in 0..<3 {
                let givesUp = backoff.refuse(at: now)
                #expect(givesUp == (attempt == 6))
            }
            #expect(backoff.isPaused(at: now + .milliseconds(49_999)) == (attempt < 6))
            #expect(!backoff.isPaused(at: now + .seconds(50)))
            now = now + .seconds(60)
        }
        _ = backoff.refuse(at: now)
        backoff.accept()
        for attempt in 1...6 {
            now = now + .seconds(60)
            let givesUp = backoff.refuse(at: now)
            #expect(givesUp == (attempt == 6))
        }
    }

    @Test("The same seed gives the same result", arguments: ["worker-manager", "worker-manager-advised"])
    func repeats(policy: String) throws {
        var generator = SeededGenerator(seed: 11)
        let setup = SimulationSetup(
            trace: try randomTrace(&generator), pool: pool(4),
            cloud: CloudScript(faults: NamedFaults.spotStorm.faults(launchConfigs: 4)), seed: 5)
        let result = try run(setup, policy).result
        #expect(result.unfinished == nil)
        #expect(try run(setup, policy).result == result)
    }
}
