import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting

@testable import MusterClouds

/// A fake engine at a socket of its own, and providers that speak to it.
final class DockerScene: Sendable {
    static let launch = LaunchID(rawValue: "l01jexample0000000000000000")
    static let image = "registry.example/team/worker:1.2"

    let engine: FakeDocker
    let client: HTTPClient
    let folder: TemporaryFolder
    let clock: any WallClock

    private init(_ clock: any WallClock) throws {
        folder = try TemporaryFolder()
        self.clock = clock
        engine = try FakeDocker(in: folder.path, clock: clock)
        engine.has(images: [Self.image])
        client = try HTTPClient()
    }

    /// Runs `body` in a scene.
    static func run(
        clock: any WallClock = ManualClock(), _ body: (DockerScene) async throws -> Void
    ) async throws {
        let scene = try DockerScene(clock)
        do {
            try await body(scene)
        } catch {
            await scene.client.shutDown()
            throw error
        }
        await scene.client.shutDown()
    }

    /// A provider, as another process would make it too.
    func provider(
        fleet: String = "fleet-1", id: String = "box",
        _ change: (inout DockerProviderConfiguration) -> Void = { _ in }
    ) -> DockerProvider {
        var configuration = DockerProviderConfiguration(
            id: ProviderID(rawValue: id), fleet: fleet, socket: engine.socket)
        change(&configuration)
        return DockerProvider(configuration: configuration, client: client, clock: clock, log: .silent)
    }

    /// An order for so many containers.
    func order(_ count: Int = 1, _ content: String = "", launch: LaunchID = DockerScene.launch) throws
        -> LaunchOrder
    {
        LaunchOrder(
            launchID: launch, poolID: PoolID(rawValue: "team/build"),
            launchConfigID: LaunchConfigID(rawValue: "standard"),
            content: try JSON.document(Array("{\"image\":\"\(Self.image)\"\(content)}".utf8)), count: count,
            capacityPerInstance: 2, serviceURL: "http://127.0.0.1:8780")
    }

    /// The call of an order, with a token for each worker.
    func call(_ order: LaunchOrder, by provider: DockerProvider) throws -> LaunchCall {
        LaunchCall(launchID: order.launchID, body: try provider.render(order)) { Secret("token-of-\($0)") }
    }

    /// Launches, and gives what was answered.
    func launch(_ order: LaunchOrder, by provider: DockerProvider) async throws -> LaunchOutcome {
        await provider.launch(try call(order, by: provider))
    }

    /// A launch as the engine looks it up.
    func sent(_ launch: LaunchID = DockerScene.launch) -> SentLaunch {
        SentLaunch(id: launch, body: "", plannedAt: clock.now())
    }

    /// The names of the containers of the usual launch.
    static func names(_ count: Int) -> [String] { (0..<count).map { "\(launch)-\($0)" } }
}

extension LaunchOutcome {
    /// The instances and refusals of an answer; nil for none.
    var answer: (instances: [Instance], refusals: [LaunchRefusal])? {
        guard case .answered(let instances, let refusals) = self else { return nil }
        return (instances, refusals)
    }
}
