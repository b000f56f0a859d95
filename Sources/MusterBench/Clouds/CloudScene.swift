import MusterClouds
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting

/// A real engine on a database of its own, whose provider speaks to a fake EC2 over HTTP.
final class CloudScene: Sendable {
    let cloud: FakeEC2
    let store: SQLiteStore
    let provider: AWSProvider
    private let client: HTTPClient
    private let seed: UInt64

    /// Opens the SQLite database at `path`.
    init(database path: String, regions: [String], seed: UInt64) throws {
        let clock = SystemClock()
        self.seed = seed
        cloud = try FakeEC2(clock: clock, seed: seed)
        client = try HTTPClient()
        // What the cloud would hold back is not what is measured: single calls would wait for it alone.
        let free = CallRate(burst: BenchPolicy.freeCalls, perSecond: BenchPolicy.freeCalls)
        let configuration = AWSConfiguration(
            id: Scene.providerID, fleet: Scene.fleet, regions: regions,
            endpoints: .init(ec2: cloud.url, sts: cloud.url),
            rates: ["RunInstances": free, "CreateFleet": free, "Describe": free],
            instanceRates: ["RunInstances": free],
            environment: FakeEC2.environment)
        provider = AWSProvider(
            configuration: configuration, client: client,
            paced: PacedClient(client, clock: clock, seed: seed), clock: clock,
            log: Log(to: DescriptorLogSink(), level: .warning))
        store = try SQLiteStore(path: path, clock: clock)
    }

    /// Makes one scheduled run.
    ///
    /// - Throws: `Problem` when any of it failed, or a launch has not settled.
    func run() async throws {
        let run = ScheduledRun(context, fleet: Scene.fleet, sinks: [])
        let report = await run.run(settlingWithin: BenchPolicy.burstTime)
        guard report.problems.isEmpty, report.unsettled == 0 else {
            throw Problem(
                .internalError, "a run failed: \(report.unsettled) open launches, \(report.problems)")
        }
    }

    /// Each run is a process of its own to the store.
    private var context: EngineContext {
        Scene.context(store, clock: SystemClock(), provider, holder: "bench", seed: seed)
    }

    /// Defines pools that want so many instances each, whatever waits.
    func define(_ pools: [(id: PoolID, launchConfigs: [LaunchConfigDefinition])], instances: Int) async throws
    {
        let engine = Engine(context, fleet: Scene.fleet, sinks: [])
        let definitions = pools.map { pool in
            PoolDefinition(
                id: pool.id, providerID: Scene.providerID,
                scale: PoolScale(minCapacity: instances, maxCapacity: instances),
                launchConfigs: pool.launchConfigs)
        }
        _ = try await engine.control.apply(definitions, prune: false, dryRun: false, by: "bench")
    }

    /// A launch config whose instances are asked for by CreateFleet, of two types.
    static func fleet(_ name: String, in region: String) throws(Problem) -> LaunchConfigDefinition {
        try definition(
            name,
            """
            {"region": "\(region)", "fleet": {"instanceTypes": ["c5.large", "m5.large"], "market": "on-demand",
            "subnets": [{"id": "subnet-a", "zone": "\(region)a"}], "template": {"ImageId": "ami-00000001"}}}
            """)
    }

    /// A launch config whose instances are asked for by RunInstances.
    static func plain(_ name: String, in region: String) throws(Problem) -> LaunchConfigDefinition {
        try definition(name, plainContent(in: region))
    }

    /// What such a launch config says.
    static func plainContent(in region: String) -> String {
        """
        {"region": "\(region)", "launchConfig": {"ImageId": "ami-00000001", "InstanceType": "c5.large",
        "Placement": {"AvailabilityZone": "\(region)a"}}}
        """
    }

    private static func definition(
        _ name: String, _ content: String
    ) throws(Problem) -> LaunchConfigDefinition {
        LaunchConfigDefinition(
            id: LaunchConfigID(rawValue: name), content: try JSON.document(Array(content.utf8)),
            settings: LaunchConfigSettings())
    }

    /// All launches.
    func launches() async throws -> [Launch] {
        try await store.read {
            try await $0.launches(of: nil, state: nil, before: nil, limit: BenchPolicy.rowsPerWrite).elements
        }
    }

    /// Lets go of everything.
    func close() async {
        await store.close()
        await client.shutDown()
    }

    /// Does something with each number below `count`, some at once; the seconds it took.
    static func time(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws
        -> Double
    {
        let watch = Stopwatch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<BenchPolicy.singleCallers {
                group.addTask {
                    for number in stride(from: worker, to: count, by: BenchPolicy.singleCallers) {
                        try await body(number)
                    }
                }
            }
            try await group.waitForAll()
        }
        return watch.seconds
    }
}
