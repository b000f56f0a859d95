import MusterAPI
import MusterClouds
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting

@testable import MusterServer

/// A Muster that is served over TCP and a unix socket: an engine at work, a provider that gives whatever is
/// asked for, and a client.
final class ServedEngine: Sendable {
    /// The way by which a call comes.
    enum Way: CaseIterable {
        case network, socket
    }

    let provider: ScriptedProvider
    private let database: OpenDatabase
    var store: any Store { database.store }
    let engine: Engine
    let server: HTTPServer
    /// Each call when the router has answered it: its path and the status.
    let answered = Happenings<Answered>()
    private let folder: TemporaryFolder
    private let client: HTTPClient

    struct Answered: Equatable, Sendable {
        let target: String
        let status: Int
    }

    static let pool = PoolID(rawValue: "demo/build")
    /// A provider whose workers people make.
    static let hand = ProviderID(rawValue: "hand")
    private static let bulkBody = 4 << 20

    private init() async throws {
        folder = try TemporaryFolder()
        let clock = SystemClock()
        provider = ScriptedProvider(clock: clock)
        database = try await OpenDatabase()
        var policy = EnginePolicy()
        policy.contactInterval = .milliseconds(20)
        engine = Engine(
            EngineContext(
                store: database.store, providers: [provider, StaticProvider(id: Self.hand)], clock: clock,
                log: .silent, policy: policy,
                holder: "test",
                masterKey: MasterKey(Secret(Array("0123456789abcdef0123456789abcdef".utf8))), seed: 5,
                serviceURL: { "http://127.0.0.1:1" }), fleet: "fleet-1", sinks: [])
        let router = Router(engine, log: .silent)
        var configuration = testConfiguration()
        configuration.unixSocket = folder.path + "/s"
        configuration.bodyLimit = { _, path in path.last == "tasks" ? Self.bulkBody : nil }
        configuration.errorBody = { Router.response(Problems($0), requestID: $1).body }
        server = try HTTPServer.start(
            configuration: configuration,
            handler: ClosureHandler { [answered] request in
                let response = await router.respond(to: request)
                answered.happen(Answered(target: request.rawTarget, status: response.status))
                return response
            }, log: .silent)
        client = try HTTPClient()
        engine.start()
    }

    /// Runs `body` with a served engine, which is stopped afterwards.
    static func with<Result>(_ body: (ServedEngine) async throws -> Result) async throws -> Result {
        let served = try await ServedEngine()
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(served))
        } catch {
            result = .failure(error)
        }
        await served.engine.stop(within: .seconds(5))
        await served.server.stop(grace: .seconds(5))
        await served.client.shutDown()
        await served.store.close()
        return try result.get()
    }

    /// Makes a call.
    func call(
        _ method: HTTPMethod, _ target: String, body: String? = nil, bytes: [UInt8]? = nil,
        token: String? = nil,
        authorization: String? = nil, by way: Way = .socket
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(method, "http://127.0.0.1:\(server.port ?? 0)\(target)")
        if way == .socket { request.unixSocketPath = folder.path + "/s" }
        request.body = bytes ?? body.map { Array($0.utf8) }
        if request.body != nil { request.headers.append((name: "Content-Type", value: "application/json")) }
        if let authorization = authorization ?? token.map({ "Bearer " + $0 }) {
            request.headers.append((name: "Authorization", value: authorization))
        }
        return try await client.send(request)
    }

    /// Defines the pool, with as many workers as `workers`.
    func define(workers: Int = 0, max: Int = 20, lifecycle: Lifecycle = Lifecycle()) async throws {
        _ = try await engine.control.apply(
            [
                PoolDefinition(
                    id: Self.pool, providerID: provider.id,
                    scale: PoolScale(minCapacity: workers, maxCapacity: max), lifecycle: lifecycle,
                    launchConfigs: [
                        LaunchConfigDefinition(
                            id: LaunchConfigID(rawValue: "standard"),
                            content: .object(["workerConfig": .object(["colour": .string("blue")])]),
                            settings: LaunchConfigSettings())
                    ])
            ], prune: false, dryRun: false, by: "test")
    }

    /// Defines the pool and waits until its workers have been asked for.
    func requestedWorkers(_ count: Int) async throws -> [WorkerKey] {
        try await define(workers: count)
        let id = provider.id
        try await until { transaction in
            try await transaction.livingWorkers(of: id, after: nil, limit: 100).count == count
        }
        return try await store.read { try await $0.livingWorkers(of: id, after: nil, limit: 100).map(\.key) }
    }

    /// The body with which a worker registers.
    func registration(_ key: WorkerKey, token: String? = nil) -> String {
        let call = provider.calls.first { key.id.rawValue.hasPrefix($0.launchID.rawValue) }
        let token = token ?? call?.registrationToken(key.id).reveal() ?? ""
        return """
            {"workerPoolId":"\(key.poolID)","providerId":"scripted","workerGroup":"\(key.group)",
            "workerId":"\(key.id)","workerIdentityProof":{"token":"\(token)","nonce":"n"}}
            """
    }

    /// A pool with workers that have registered, each with its access token.
    func runningWorkers(_ count: Int) async throws -> [(key: WorkerKey, token: String)] {
        var workers: [(key: WorkerKey, token: String)] = []
        for key in try await requestedWorkers(count) {
            let response = try await call(.post, APIPath.register, body: registration(key))
            let answer = try JSON.decode(RegisterWorkerResponse.self, from: response.body)
            workers.append((key, answer.credentials.accessToken))
        }
        return workers
    }

    /// Waits until the store is as it should be, looking after each of its signals.
    func until(_ condition: @escaping @Sendable (any ReadTransaction) async throws -> Bool) async throws {
        // Listening begins before the first look: nothing that comes after it is missed.
        var signals = store.signals().makeAsyncIterator()
        while try await !store.read(condition) {
            guard await signals.next() != nil else { throw CancellationError() }
        }
    }
}

extension HTTPResponse {
    /// The body as JSON.
    var document: Document {
        get throws { try JSON.document(body) }
    }

    /// The body as an error.
    var error: APIError {
        get throws { try JSON.decode(APIError.self, from: body) }
    }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension Document {
    /// The names of an object's members.
    var names: Set<String> {
        guard case .object(let members) = value else { return [] }
        return Set(members.map(\.name))
    }

    /// The elements of a list.
    var elements: [Document] {
        guard case .array(let elements) = value else { return [] }
        return elements
    }

    /// The text, when it is one.
    var text: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }
}
