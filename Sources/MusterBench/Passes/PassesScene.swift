import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting

/// A fleet in which every pool has just what it wants.
struct PassesScene {
    let scene: Scene

    /// Makes the pools and spreads so many workers over their launch configs.
    static func make(in database: String, workers: Int, seed: UInt64) async throws -> PassesScene {
        let scene = try Scene(database: database, seed: seed)
        let perPool = workers / BenchPolicy.pools
        // The minimum keeps idle workers: nothing is launched, and nothing retired.
        try await scene.define(
            (0..<BenchPolicy.pools).map {
                scene.definition(
                    $0, launchConfigs: BenchPolicy.launchConfigsPerPool, min: perPool, max: 2 * perPool)
            })
        let now = SystemClock().now()
        let all = (0..<perPool * BenchPolicy.pools).map { worker($0, perPool, scene.provider.id, at: now) }
        for start in stride(from: 0, to: all.count, by: BenchPolicy.rowsPerWrite) {
            let part = all[start..<min(start + BenchPolicy.rowsPerWrite, all.count)]
            try await scene.store.write(in: .store) { transaction in
                for worker in part { try await transaction.save(worker, was: nil, lookAt: nil) }
            }
        }
        return PassesScene(scene: scene)
    }

    /// A running worker; every second one holds a task.
    private static func worker(
        _ number: Int, _ perPool: Int, _ provider: ProviderID, at now: Timestamp
    ) -> Worker {
        let pool = Scene.pool(number / perPool)
        let id = "\(pool.rawValue.split(separator: "/")[1])-\(number)"
        var worker = Worker(
            key: WorkerKey(
                poolID: pool, group: WorkerGroup(rawValue: "here"), id: WorkerID(rawValue: "worker-\(id)")),
            launchConfigID: Scene.launchConfig(number % BenchPolicy.launchConfigsPerPool),
            launchID: LaunchID(rawValue: "launch-\(id)"), providerID: provider, instanceID: id, capacity: 1,
            requestedAt: now)
        _ = worker.register(at: now, nonce: nil, expiresAt: now + .seconds(86_400))
        if number.isMultiple(of: 2) {
            worker.claimed = 1
            worker.idleSince = nil
        }
        return worker
    }

    /// Decides about every pool, one after another; the seconds it took.
    func round() async throws -> Double {
        let run = ScheduledRun(scene.context, fleet: "bench", sinks: [])
        let watch = Stopwatch()
        let plans = try await run.plans()
        let seconds = watch.seconds
        let isAtRest = plans.allSatisfy { $0.wanted > 0 && $0.launches.isEmpty && $0.retire.isEmpty }
        guard isAtRest, plans.count == BenchPolicy.pools else {
            throw Problem(.internalError, "a pool of the scene wants something else than it has")
        }
        return seconds
    }
}
