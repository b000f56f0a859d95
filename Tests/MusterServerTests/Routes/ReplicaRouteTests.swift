import MusterCore
import MusterHTTP
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

@Suite("Replicas over HTTP")
struct ReplicaRouteTests {
    @Test("shows who is there, who answers, and who works on what; a pool says who works on it")
    func list() async throws {
        try await ServedEngine.with { served in
            // A worker that was asked for was asked for by a pass, under the pool's lease.
            _ = try await served.requestedWorkers(1)
            try await served.store.announce("run", role: .run)
            let answer = try await served.call(.get, "/api/muster/v1/replicas").document
            let replicas = try #require(answer["replicas"]?.elements)
            #expect(replicas.map { $0["role"]?.text } == ["run", "service"])
            let own = try #require(replicas.last)
            #expect(own["state"]?.text == "there" && own["answers"]?.value == .boolean(true))
            #expect(own["workerPools"]?.elements.map(\.text) == ["demo/build"])
            #expect(
                replicas[0]["workerPools"]?.elements == [] && replicas[0]["answers"]?.value == .boolean(false)
            )
            let pool = try await served.call(.get, "/api/muster/v1/worker-pools/demo/build").document
            #expect(pool["workedOnBy"]?.text == own["name"]?.text)
        }
    }
}
