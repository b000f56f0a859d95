import MusterClouds
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore
import MusterTesting

/// A real engine on a database of its own, and a provider that gives whatever it is asked for.
final class Scene: Sendable {
    let store: any Store
    let context: EngineContext
    let engine: Engine
    let provider: ScriptedProvider

    /// Opens the SQLite database at `path`; nothing runs before `engine.start()`.
    convenience init(
        database path: String, seed: UInt64, provider id: ProviderID = Scene.providerID
    ) throws(Problem) {
        let clock = SystemClock()
        let provider = ScriptedProvider(id, clock: clock)
        self.init(try SQLiteStore(path: path), clock: clock, provider, seed: seed)
    }

    /// Opens a schema of a PostgreSQL database.
    convenience init(place: PostgresSchemaPlace, seed: UInt64) async throws {
        let store = try await PostgresStore.open(try PostgresAddress(place.address))
        let provider = ScriptedProvider(Scene.providerID, clock: store.clock)
        self.init(store, clock: store.clock, provider, seed: seed)
    }

    private init(_ store: any Store, clock: any WallClock, _ provider: ScriptedProvider, seed: UInt64) {
        self.store = store
        self.provider = provider
        context = Self.context(store, clock: clock, provider, holder: "bench", seed: seed)
        engine = Engine(context, fleet: Self.fleet, sinks: [])
    }

    /// What an engine of this program works with; all with one seed have one master key.
    static func context(
        _ store: any Store, clock: any WallClock, _ provider: any CloudProvider, holder: String, seed: UInt64
    ) -> EngineContext {
        var generator = SeededGenerator(seed: seed)
        let key = (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
        return EngineContext(
            store: store, providers: [provider], clock: clock,
            log: Log(to: DescriptorLogSink(), level: .warning), policy: EnginePolicy(),
            holder: holder, masterKey: MasterKey(Secret(key)), seed: seed,
            serviceURL: { "http://127.0.0.1:1" })
    }

    /// What the scenes' instances are called by.
    static let fleet = "bench"
    /// Where the pools' instances run, unless it is said otherwise.
    static let providerID = ProviderID(rawValue: "bench")

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
