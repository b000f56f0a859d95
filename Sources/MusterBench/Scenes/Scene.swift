import MusterClouds
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting

/// A real engine on a database of its own on the disk, and a provider that gives whatever it is asked for.
final class Scene: Sendable {
    let store: SQLiteStore
    let context: EngineContext
    let engine: Engine
    let provider: ScriptedProvider

    /// Opens the database at `path`; nothing runs before `engine.start()`.
    init(database path: String, seed: UInt64, provider id: String = "bench") throws(Problem) {
        let clock = SystemClock()
        store = try SQLiteStore(path: path)
        provider = ScriptedProvider(ProviderID(rawValue: id), clock: clock)
        var generator = SeededGenerator(seed: seed)
        let key = (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
        context = EngineContext(
            store: store, providers: [provider], clock: clock,
            log: Log(to: DescriptorLogSink(), level: .warning), policy: EnginePolicy(),
            holder: "bench", masterKey: MasterKey(Secret(key)), seed: seed,
            serviceURL: { "http://127.0.0.1:1" })
        engine = Engine(context, fleet: "bench", sinks: [])
    }

    /// Stops what runs and lets go of the database.
    func close() async {
        await engine.stop(within: .seconds(10))
        await store.close()
    }

    /// Defines pools.
    func define(_ definitions: [PoolDefinition]) async throws {
        for start in stride(from: 0, to: definitions.count, by: BenchPolicy.poolsPerApply) {
            let part = definitions[start..<min(start + BenchPolicy.poolsPerApply, definitions.count)]
            _ = try await engine.control.apply(Array(part), prune: false, dryRun: false, by: "bench")
        }
    }

    /// The definition of the pool with this number; its launch configs say as much as those of a cloud do.
    func definition(_ number: Int, launchConfigs: Int, min: Int, max: Int) -> PoolDefinition {
        PoolDefinition(
            id: Self.pool(number), providerID: provider.id,
            scale: PoolScale(minCapacity: min, maxCapacity: max),
            launchConfigs: (0..<launchConfigs).map { index in
                LaunchConfigDefinition(
                    id: Self.launchConfig(index),
                    content: .object([
                        "region": .string("region-\(index)"), "zone": .string("region-\(index)-b"),
                        "image": .string("image-0123456789abcdef"),
                        "instanceType": .string("compute.\(index).xlarge"),
                        "disks": Document(
                            .array([
                                .object(["kind": .string("ssd"), "sizeGB": .integer(100)]),
                                .object(["kind": .string("scratch"), "sizeGB": .integer(300)]),
                            ])),
                        "labels": .object(["team": .string("build"), "purpose": .string("benchmark")]),
                    ]), settings: LaunchConfigSettings())
            })
    }

    /// The name of the pool with this number.
    static func pool(_ number: Int) -> PoolID { PoolID(rawValue: "bench/pool-\(number)") }

    /// The name of a pool's launch config with this number.
    static func launchConfig(_ number: Int) -> LaunchConfigID { LaunchConfigID(rawValue: "config-\(number)") }
}
