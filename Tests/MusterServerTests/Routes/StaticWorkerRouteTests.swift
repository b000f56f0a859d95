import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

@Suite("Workers that people make, and providers, over the API", .timeLimit(.minutes(1)))
struct StaticWorkerRouteTests {
    private static let path = "/api/muster/v1/worker-pools/lab/macs/workers/rack/mac-1"
    private static let secret = "s3cret-of-the-first-machine"

    private func define(_ served: ServedEngine) async throws {
        _ = try await served.engine.control.apply(
            [
                PoolDefinition(
                    id: PoolID(rawValue: "lab/macs"), providerID: ServedEngine.hand,
                    scale: PoolScale(minCapacity: 0, maxCapacity: 0),
                    launchConfigs: [
                        LaunchConfigDefinition(
                            id: LaunchConfigID(rawValue: "macs"), content: .object([:]),
                            settings: LaunchConfigSettings())
                    ])
            ], prune: false, dryRun: false, by: "test")
    }

    @Test("A worker is made, registers over the network, is changed and taken away; nothing shows its secret")
    func life() async throws {
        try await ServedEngine.with { served in
            try await define(served)
            let made = try await served.call(
                .put, Self.path,
                body: #"{"secret":"\#(Self.secret)","capacity":2,"expires":"2999-01-01T00:00:00Z"}"#)
            #expect(made.status == 200 && !made.text.contains(Self.secret))
            #expect(try made.document["capacity"]?.value == .integer(2))
            #expect(try made.document["ends"]?.text == "2999-01-01T00:00:00.000Z")
            func register(_ secret: String) async throws -> HTTPResponse {
                try await served.call(
                    .post, APIPath.register,
                    body: """
                        {"workerPoolId":"lab/macs","providerId":"hand","workerGroup":"rack","workerId":"mac-1",
                        "workerIdentityProof":{"staticSecret":"\(secret)"}}
                        """, by: .network)
            }
            #expect(try await register("another-secret-of-this-length").error.code == "registration-refused")
            for _ in 0..<2 { #expect(try await register(Self.secret).status == 200) }
            let changed = try await served.call(.patch, Self.path, body: #"{"expires":"never","capacity":3}"#)
            #expect(try changed.document["ends"] == nil && changed.document["capacity"]?.value == .integer(3))
            let ending = try await served.call(.patch, Self.path, body: #"{"expiresSeconds":7200}"#)
            #expect(try ending.document["ends"]?.text != nil)
            let removed = try await served.call(.delete, Self.path)
            #expect(try removed.document["state"]?.text == "stopped")
            #expect(try await register(Self.secret).status == 400)
        }
    }

    @Test(
        "What is wrong is said with its field, and never with the secret",
        arguments: [
            (HTTPMethod.put, #"{"secret":"too-short"}"#, "secret"), (.put, "{}", "secret"),
            (.put, #"{"secret":"s3cret-of-the-first-machine","capacity":0}"#, "capacity"),
            (.put, #"{"secret":"s3cret-of-the-first-machine","expires":"soon"}"#, "expires"),
            (.put, #"{"secret":"s3cret-of-the-first-machine","expires":"never"}"#, "expires"),
            (.put, #"{"secret":"s3cret-of-the-first-machine","expiresSeconds":0}"#, "expiresSeconds"),
            (.patch, #"{"expires":"never","expiresSeconds":60}"#, "expiresSeconds"),
            (.patch, "{}", "secret"), (.patch, #"{"secrets":"s3cret-of-the-first-machine"}"#, "secrets"),
        ])
    func wrong(method: HTTPMethod, body: String, field: String) async throws {
        try await ServedEngine.with { served in
            try await define(served)
            let response = try await served.call(method, Self.path, body: body)
            #expect(response.status == 400 && response.text.contains("\"\(field)\""))
            #expect(!response.text.contains("too-short") && !response.text.contains(Self.secret))
        }
    }

    @Test("Providers are listed with their pools, and tried")
    func providers() async throws {
        try await ServedEngine.with { served in
            try await define(served)
            let list = try await served.call(.get, APIPath.providers).document["providers"]?.elements ?? []
            #expect(list.map { $0["providerId"]?.text } == ["hand", "scripted"])
            #expect(list.first?["workerPools"]?.elements.map(\.text) == ["lab/macs"])
            func verdicts(_ id: String) async throws -> [String?] {
                let answer = try await served.call(.post, APIPath.check(ProviderID(rawValue: id)))
                return try answer.document["findings"]?.elements.map { $0["verdict"]?.text } ?? []
            }
            #expect(try await verdicts("scripted") == ["good"])
            #expect(try await verdicts("hand") == ["skipped"])
            served.provider.failListings(true)
            #expect(try await verdicts("scripted") == ["bad"])
            let unknown = try await served.call(.post, APIPath.check(ProviderID(rawValue: "other")))
            #expect(try unknown.error.code == "provider-unknown")
        }
    }

    @Test("What became of a provider's calls is shown with it, with what the cloud says is left")
    func calls() async throws {
        try await ServedEngine.with { served in
            var figures = CallFigures(CallKind(provider: "scripted", region: "westeurope", name: "write"))
            figures.calls = 7
            figures.failures = ["capacity": 2]
            figures.throttled = 3
            figures.retries = 4
            figures.tokens = 11.5
            figures.notes = ["Microsoft.Compute/PutVM3Min": 107]
            figures.latency.add(.milliseconds(80))
            served.provider.counts([figures])
            let list = try await served.call(.get, APIPath.providers).document["providers"]?.elements ?? []
            #expect(list.map { $0["calls"]?.elements.count } == [0, 1])
            let call = try #require(list.last?["calls"]?.elements.first)
            #expect(call["region"]?.text == "westeurope" && call["name"]?.text == "write")
            #expect(call["calls"]?.value == .integer(7) && call["throttled"]?.value == .integer(3))
            #expect(call["failures"]?["capacity"]?.value == .integer(2))
            #expect(call["remaining"]?["Microsoft.Compute/PutVM3Min"]?.value == .integer(107))
            #expect(call["tokens"]?.value == .number(11.5) && call["medianSeconds"]?.value == .number(0.1))
        }
    }

    @Test("Launch configs are validated, of a pool that is defined or of definitions that are not")
    func validation() async throws {
        try await ServedEngine.with { served in
            try await served.define()
            func findings(_ body: String) async throws -> [[String?]] {
                let answer = try await served.call(.post, APIPath.validateLaunchConfigs, body: body)
                return try answer.document["launchConfigs"]?.elements.map {
                    $0["findings"]?.elements.map { $0["verdict"]?.text } ?? []
                } ?? []
            }
            #expect(try await findings(#"{"workerPoolId":"demo/build"}"#) == [["good"]])
            func definition(_ provider: String, _ content: String) -> String {
                """
                {"workerPools":[{"workerPoolId":"a/b","providerId":"\(provider)","config":{"maxCapacity":1,
                "launchConfigs":[{},{\(content)}]}}]}
                """
            }
            #expect(try await findings(definition("scripted", #""invalid":1"#)) == [["good"], ["bad"]])
            #expect(try await findings(definition("other", #""x":1"#)) == [["bad"], ["bad"]])
            let missing = try await served.call(
                .post, APIPath.validateLaunchConfigs, body: #"{"workerPoolId":"no/pool"}"#)
            #expect(missing.status == 404)
            #expect(served.provider.calls.isEmpty)
        }
    }
}
