import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting

/// Many pools on one database, processes that work on them, and waves of tasks that each want an instance in
/// every pool.
final class ReplicasScene {
    private let scene: Scene
    private let place: PostgresSchemaPlace
    private let folder: TemporaryFolder
    private let surroundings: Surroundings
    private var running: [RunningReplica] = []
    private var waves = 0

    private var ledger: String { folder.path + "/ledger" }

    /// Makes the pools; nothing works on them yet.
    init(_ surroundings: Surroundings) async throws {
        self.surroundings = surroundings
        folder = try TemporaryFolder(in: surroundings.folder)
        place = try await surroundings.postgres.schema()
        let scene = try await Scene(place: place, seed: surroundings.seed)
        self.scene = scene
        try await scene.define(
            (0..<BenchPolicy.replicaPools).map {
                scene.definition($0, launchConfigs: 1, min: 0, max: BenchPolicy.mostWaves)
            })
        try await surroundings.postgres.checkpoint()
    }

    /// Starts or ends processes until there are so many, and waits until they work on every pool.
    func run(_ count: Int) async throws {
        while running.count < count {
            running.append(try RunningReplica(on: place, ledger: ledger, surroundings))
        }
        while running.count > count { try await running.removeLast().stop() }
        // A pool has changed hands when its new holder has launched for it.
        _ = try await wave()
    }

    /// Submits a task to every pool, and waits until each has its instance; pools a second.
    func wave() async throws -> Double {
        waves += 1
        let last = try await lastSettled()
        _ = try await scene.engine.tasks.submit(
            (0..<BenchPolicy.replicaPools).map { number in
                TaskSubmission(poolID: Scene.pool(number), payload: TaskPayload(command: ["true"]))
            })
        let watch = Stopwatch()
        while try await settled(after: last) < BenchPolicy.replicaPools {
            for replica in running { try replica.check() }
            guard watch.time() < BenchPolicy.longestWave else {
                throw Problem(.unavailable, "pools were left without what they want")
            }
            try await Task.sleep(for: BenchPolicy.waveLook)
        }
        return Double(BenchPolicy.replicaPools) / watch.seconds
    }

    /// When the last launch of the waves so far was settled.
    private func lastSettled() async throws -> Int64 {
        try await scene.store.read { transaction in
            try await transaction.row(
                "SELECT max(settled_at) AS at FROM launches WHERE settled_at IS NOT NULL")?
                .optionalInteger("at") ?? 0
        }
    }

    private func settled(after last: Int64) async throws -> Int {
        try await scene.store.read { transaction in
            try await transaction.row(
                "SELECT count(*) AS settled FROM launches WHERE settled_at IS NOT NULL AND settled_at > $1",
                last)?.int("settled") ?? 0
        }
    }

    /// Ends every process, and makes sure that each pool got one instance in every wave, and no other.
    func close() async throws {
        while let replica = running.popLast() { try await replica.stop() }
        await scene.close()
        try await place.remove()
        let given = try Ledger.read(ledger).instances
        let isExact = (0..<BenchPolicy.replicaPools).allSatisfy { given[Scene.pool($0)] == waves }
        guard isExact, given.count == BenchPolicy.replicaPools else {
            let total = given.values.reduce(0, +)
            throw Problem(
                .internalError,
                "\(total) instances were launched where \(waves * BenchPolicy.replicaPools) were wanted")
        }
    }
}
