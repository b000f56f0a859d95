import MusterCore
import Testing

@testable import MusterSimulator

@Suite("Nothing is lost or doubled, whatever goes wrong")
struct ConservationTests {
    /// Faults of every kind, at random times.
    private func faults(_ generator: inout SeededGenerator) -> [CloudFault] {
        let kinds: [CloudFault.Kind] = [
            .outage, .errors(ratio: 0.5), .quota(instances: 5), .throttling(retryAfter: .seconds(5)),
            .badImage,
            .interruptions(perHour: 5, notice: .seconds(30)), .stuckDeletions(.seconds(1_800)),
            .slowBoots(factor: 10), .staleCounts,
        ]
        return kinds.filter { _ in Bool.random(using: &generator) }.map { kind in
            let from = Double.random(in: 0...0.6, using: &generator)
            return CloudFault(
                kind, configs: Bool.random(using: &generator) ? nil : [0], from: .share(from),
                until: .share(from + 0.3))
        }
    }

    @Test("every task is done once, and every sum agrees with a recount", arguments: 1...25)
    func closedSums(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var settings = pool(
            3, min: Int.random(in: 0...3, using: &generator), max: Int.random(in: 4...40, using: &generator),
            unit: Int.random(in: 1...3, using: &generator))
        settings.configs[1].settings.maxCapacity = 6
        // Nobody would resume what was suspended, and then nothing would ever be done.
        settings.suspendAfter = 0
        let setup = SimulationSetup(
            trace: try randomTrace(&generator), pool: settings,
            cloud: CloudScript(faults: faults(&generator)), seed: UInt64(seed))
        for entry in PolicyCatalogue.all {
            var simulation = Simulation(setup, policy: entry.make(settings))
            var steps = 0
            var billed: Int64 = 0
            var living: [Int: Int64] = [:]
            simulation.begin()
            while !simulation.isOver, simulation.step() {
                steps += 1
                for (number, worker) in simulation.fleet.workers.enumerated() {
                    if worker.state != .gone {
                        living[number] = worker.acceptedAt
                    } else if let began = living.removeValue(forKey: number) {
                        billed += simulation.now - began
                    }
                }
                if steps.isMultiple(of: 97) { check(simulation) }
            }
            check(simulation)
            let comment: Comment = "\(entry.name), seed \(seed)"
            #expect(simulation.isDone && simulation.tasks.allSatisfy { $0.ends == 1 }, comment)
            #expect(simulation.queue.count == 0 && simulation.fleet.busy == 0, comment)
            #expect(living.isEmpty && simulation.recorder.billed == billed, comment)
            let report = simulation.report()
            #expect(
                report.result.launches
                    == simulation.fleet.workers.count + report.launchConfigs.reduce(0) { $0 + $1.refused },
                comment)
            #expect(abs(report.result.taskHours * 3_600 - setup.trace.taskTime.inSeconds) < 0.001, comment)
            // worker-manager passes a maximum by less than an instance: one of its faults.
            let unit = settings.configs.map(\.settings.capacityPerInstance).max() ?? 1
            let excess = entry.name.hasPrefix("worker-manager") ? unit - 1 : 0
            #expect(report.peakCapacity <= settings.scale.maxCapacity + excess, comment)
        }
    }

    private func check(_ simulation: Simulation) {
        var tables = simulation.setup.pool.configs.map { _ in CapacityTable() }
        for worker in simulation.fleet.workers where worker.state != .gone {
            tables[worker.config][worker.bucket] = tables[worker.config][worker.bucket] + worker.tally
        }
        for (config, table) in zip(simulation.fleet.configs, tables) {
            for bucket in Bucket.allCases where bucket != .requested {
                #expect(config.capacity[bucket] == table[bucket], "\(config.id) \(bucket)")
            }
            // What the cloud has not answered is requested too.
            #expect(config.capacity[.requested].workers >= table[.requested].workers)
        }
        let registered = simulation.fleet.workers.filter { $0.state == .running }
        #expect(simulation.fleet.idling == registered.count { $0.tasks.isEmpty })
        #expect(simulation.fleet.busy == registered.count { !$0.tasks.isEmpty })
        #expect(simulation.fleet.idle.count == registered.count { $0.tasks.isEmpty && !$0.isReclaimed })
        #expect(simulation.fleet.billed == simulation.fleet.workers.count { $0.state != .gone })
        let reclaimed = simulation.fleet.workers.filter(\.isReclaimed)
        #expect(simulation.fleet.reclaimedClaims == reclaimed.reduce(0) { $0 + $1.tasks.count })
        // Nobody idles while something waits.
        #expect(simulation.queue.count == 0 || simulation.fleet.idle.isEmpty)
    }

    @Test("the same seed gives the same result to the byte, and another seed another one")
    func determinism() throws {
        var generator = SeededGenerator(seed: 7)
        let tasks = try randomTrace(&generator)
        for entry in PolicyCatalogue.all {
            func bytes(_ seed: UInt64) throws -> String {
                let setup = SimulationSetup(
                    trace: tasks, pool: pool(4),
                    cloud: CloudScript(faults: NamedFaults.halfOut.faults(launchConfigs: 4)), seed: seed)
                return "\(try run(setup, entry.name))"
            }
            #expect(try bytes(1) == bytes(1))
            #expect(try bytes(1) != bytes(2))
        }
    }
}
