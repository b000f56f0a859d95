import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting

@testable import MusterClouds

/// A provider that speaks to a fake, and what tests need to make orders for it.
struct AWSHarness {
    let fake: FakeEC2
    let client: HTTPClient
    let provider: AWSProvider
    let configuration: AWSConfiguration

    init(
        fake: FakeEC2? = nil, clock: any WallClock = SystemClock(),
        regions: [String] = ["us-east-1", "eu-west-1"],
        fleet: String = "fleet-1"
    ) throws {
        let fake = try fake ?? FakeEC2(clock: clock)
        try self.init(
            fake: fake, clock: clock, regions: regions, fleet: fleet, endpoint: fake.url,
            environment: FakeEC2.environment)
    }

    init(
        fake: FakeEC2, clock: any WallClock, regions: [String], fleet: String, endpoint: String,
        environment: [String: String]
    ) throws {
        self.fake = fake
        client = try HTTPClient()
        configuration = AWSConfiguration(
            id: ProviderID(rawValue: "aws"), fleet: fleet, regions: regions,
            endpoints: .init(ec2: endpoint, sts: endpoint, quotas: endpoint),
            rates: ["RunInstances": Self.fast, "CreateFleet": Self.fast],
            instanceRates: ["RunInstances": Self.fast, "TerminateInstances": Self.fast],
            environment: environment)
        provider = AWSProvider(
            configuration: configuration, client: client, paced: PacedClient(client, clock: clock, seed: 7),
            clock: clock, log: .silent)
    }

    /// Tests of something else than the pace need not wait for it.
    static let fast = CallRate(burst: 10_000, perSecond: 1_000)

    static let simple = """
        {"region": "us-east-1", "launchConfig": {"ImageId": "ami-0123456789abcdef0", "InstanceType": "c5.large",
         "Placement": {"AvailabilityZone": "us-east-1a"}}}
        """

    static let fleet = """
        {"region": "us-east-1", "fleet": {"instanceTypes": ["c5.large", "m5.large"],
         "subnets": [{"id": "subnet-a", "zone": "us-east-1a"}, {"id": "subnet-b", "zone": "us-east-1b"}],
         "market": "spot-then-on-demand", "template": {"ImageId": "ami-0123456789abcdef0"}}}
        """

    static func content(_ text: String) throws(Problem) -> Document { try JSON.document(Array(text.utf8)) }

    func order(_ launch: String, _ count: Int, _ content: String = simple) throws(Problem) -> LaunchOrder {
        LaunchOrder(
            launchID: LaunchID(rawValue: launch), poolID: PoolID(rawValue: "project/pool"),
            launchConfigID: LaunchConfigID(rawValue: "lc-1"), content: try Self.content(content),
            count: count,
            capacityPerInstance: 1, serviceURL: "https://muster.example.org")
    }

    func call(
        _ launch: String, _ count: Int, _ content: String = simple, isRepeat: Bool = false
    ) throws(Problem) -> LaunchCall {
        let body = try provider.render(try order(launch, count, content))
        return LaunchCall(launchID: LaunchID(rawValue: launch), body: body, isRepeat: isRepeat) { _ in
            Secret("token")
        }
    }

    /// There is so much left of every spot offering of `fleet`.
    func set(spotCapacity: Int?) {
        for type in ["c5.large", "m5.large"] {
            for zone in ["a", "b"] { fake.set(capacity: spotCapacity, of: "spot/\(type)/us-east-1\(zone)") }
        }
    }

    func find(_ call: LaunchCall) async throws(CloudError) -> LaunchFinding {
        try await provider.find(
            SentLaunch(id: call.launchID, body: call.body, plannedAt: Timestamp(milliseconds: 0)))
    }

    func list(_ region: String = "us-east-1") async throws(CloudError) -> Listing {
        try await provider.list(Realm(id: region, group: WorkerGroup(rawValue: region)))
    }
}
