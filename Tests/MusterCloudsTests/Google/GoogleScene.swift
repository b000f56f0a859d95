public import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

/// A provider and the fake that it talks to.
struct GoogleScene {
    static let launch = LaunchID(rawValue: "l01jd2k3m4n5p6q7r8s9t0v1w2x3")

    let fake: FakeGoogle
    let provider: GoogleProvider
    let client: HTTPClient
    let clock: any WallClock

    init(
        _ settings: FakeGoogleSettings = .init(), clock: any WallClock = SystemClock(), seed: UInt64 = 1,
        _ change: (inout GoogleProviderConfiguration) throws -> Void = { _ in }
    ) throws {
        self.clock = clock
        fake = try FakeGoogle(settings, clock: clock, seed: seed)
        client = try HTTPClient()
        var configuration = fake.configuration()
        try change(&configuration)
        provider = try GoogleProvider(configuration: configuration, client: client, clock: clock, seed: 7)
    }

    /// Another process's provider on the same fake.
    func another(
        fleet: String = "test", _ change: (inout GoogleProviderConfiguration) -> Void = { _ in }
    ) throws -> GoogleProvider {
        var configuration = fake.configuration(fleet: fleet)
        change(&configuration)
        return try GoogleProvider(configuration: configuration, client: client, clock: clock, seed: 8)
    }

    static let disks = Document(
        .array([
            .object([
                "boot": true,
                "initializeParams": .object([
                    "sourceImage": "projects/debian-cloud/global/images/family/debian-12"
                ]),
            ])
        ]))
    static let interfaces = Document(
        .array([.object(["subnetwork": "regions/us-central1/subnetworks/workers"])]))

    /// A launch config of the system that Muster replaces.
    static let existing: Document = .object([
        "region": "us-central1", "zone": "us-central1-a",
        "machineType": "zones/us-central1-a/machineTypes/n2-standard-4", "disks": disks,
        "networkInterfaces": interfaces, "scheduling": .object(["provisioningModel": "SPOT"]),
        "workerConfig": .object(["anything": 1]),
    ])

    /// Our own form, in a region.
    static let regional: Document = .object([
        "region": "us-central1", "zones": .list("us-central1-a", "us-central1-b"),
        "machineTypes": .list("n2-standard-4", "e2-standard-4"), "disks": disks,
        "networkInterfaces": interfaces,
    ])

    /// Our own form, in a zone.
    static let zonal: Document = .object([
        "zone": "us-central1-a", "machineTypes": .list("n2-standard-4"), "disks": disks,
        "networkInterfaces": interfaces,
    ])

    static func order(_ count: Int, _ content: Document, id: LaunchID = launch) -> LaunchOrder {
        LaunchOrder(
            launchID: id, poolID: PoolID(rawValue: "Proj/linux"),
            launchConfigID: LaunchConfigID(rawValue: "lc-1"), content: content, count: count,
            capacityPerInstance: 3, serviceURL: "https://muster.example.com")
    }

    /// A launch as it is sent and looked up.
    func sent(_ count: Int, _ content: Document, id: LaunchID = launch) throws -> SentLaunch {
        SentLaunch(
            id: id, body: try provider.render(Self.order(count, content, id: id)), plannedAt: clock.now())
    }

    func call(_ sent: SentLaunch) -> LaunchCall {
        LaunchCall(launchID: sent.id, body: sent.body) { _ in Secret("no token is needed") }
    }

    /// Launches, and looks up until it is over.
    func launch(_ count: Int, _ content: Document, id: LaunchID = launch) async throws -> LaunchFinding {
        let sent = try sent(count, content, id: id)
        switch await provider.launch(call(sent)) {
        case .accepted: return try await end(of: sent)
        case .answered(let instances, let refusals):
            return LaunchFinding(instances: instances, refusals: refusals)
        case .unclear(let error): throw error
        }
    }

    /// Looks up until nothing is under way any more.
    func end(of sent: SentLaunch) async throws -> LaunchFinding {
        for _ in 0..<5 {
            let finding = try await provider.find(sent)
            if !finding.isUnderWay { return finding }
            try await fake.untilOperationsEnd()
        }
        Issue.record("the launch did not end within its time")
        return LaunchFinding(instances: [])
    }
}

/// The bytes of a file in `fixtures`.
func fixture(_ name: String) throws -> [UInt8] { try file("fixtures/\(name)") }

/// The bytes of a file of the repository.
func file(_ name: String) throws -> [UInt8] {
    let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
    return try TextFile.read("\(root)/\(name)", limit: 1 << 20)
}

extension Document: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
}
