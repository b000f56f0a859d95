import MusterCore
import MusterCrypto
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Published keys")
struct PublishedKeysTests {
    /// An issuer whose keys and moods a test sets.
    private final class Issuer: Sendable {
        struct State {
            var fetches = 0
            var lifetime: Duration? = .seconds(3_600)
            var problem: Problem?
            var names = ["first"]
        }
        let state = Locked(State())
        let clock = ManualClock()

        func keys() -> PublishedKeys {
            PublishedKeys(clock: clock) { [self] () async throws(Problem) -> PublishedKeys.Answer in
                let state = self.state.withLock { state in
                    state.fetches += 1
                    return state
                }
                // Others come to wait meanwhile.
                for _ in 0..<50 { await Task.yield() }
                if let problem = state.problem { throw problem }
                return PublishedKeys.Answer(keys: try Self.set(state.names), lifetime: state.lifetime)
            }
        }

        var fetches: Int { state.withLock { $0.fetches } }

        private static func set(_ names: [String]) throws(Problem) -> JSONWebKeySet {
            do {
                var text = try IdentityFixtures.text("keys.json").replacing("second", with: "unused")
                text = text.replacing("\"first\"", with: "\"\(names[0])\"")
                return try JSONWebKeySet(json: Array(text.utf8))
            } catch {
                throw Problem(.internalError, "\(error)")
            }
        }
    }

    @Test("are fetched once for all who wait, and kept for as long as the issuer says")
    func once() async throws {
        let issuer = Issuer()
        let keys = issuer.keys()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { (try? await keys.set(with: "first"))?.key("first") != nil }
            }
            for await hasKey in group { #expect(hasKey) }
        }
        #expect(issuer.fetches == 1)
        issuer.clock.advance(by: .seconds(3_599))
        _ = try await keys.set(with: "first")
        #expect(issuer.fetches == 1)
        issuer.clock.advance(by: .seconds(2))
        _ = try await keys.set(with: "first")
        #expect(issuer.fetches == 2)
    }

    @Test("are fetched for a name that is unknown, at most once a minute")
    func unknown() async throws {
        let issuer = Issuer()
        let keys = issuer.keys()
        _ = try await keys.set(with: "first")
        issuer.state.withLock { $0.names = ["new"] }
        for _ in 0..<10 { #expect(try await keys.set(with: "new").key("new") == nil) }
        #expect(issuer.fetches == 1)
        issuer.clock.advance(by: CloudPolicy.unknownKeyInterval)
        #expect(try await keys.set(with: "new").key("new") != nil)
        #expect(issuer.fetches == 2)
        for _ in 0..<10 { _ = try await keys.set(with: "made up") }
        #expect(issuer.fetches == 2)
    }

    @Test("stay while they are valid when new ones cannot be had, and no longer")
    func failing() async throws {
        let issuer = Issuer()
        let keys = issuer.keys()
        _ = try await keys.set(with: "first")
        issuer.state.withLock { $0.problem = Problem(.networkFailed, "the network is down") }
        issuer.clock.advance(by: .seconds(1_800))
        #expect(try await keys.set(with: "new").key("first") != nil)
        #expect(issuer.fetches == 2)
        #expect(try await keys.set(with: "new").key("first") != nil)
        #expect(issuer.fetches == 2)
        issuer.clock.advance(by: .seconds(1_800))
        let problem = await #expect(throws: Problem.self) { try await keys.set(with: "first") }
        #expect(problem?.code == .unavailable)
        #expect(issuer.fetches == 3)
        // While it fails, those who come are told so, and the issuer is left alone for a while.
        await #expect(throws: Problem.self) { try await keys.set(with: "first") }
        #expect(issuer.fetches == 3)
        issuer.clock.advance(by: CloudPolicy.failedKeysInterval)
        issuer.state.withLock { $0.problem = nil }
        _ = try await keys.set(with: "first")
        #expect(issuer.fetches == 4)
    }

    @Test("are fetched though whoever asked first does not wait")
    func cancelled() async throws {
        let issuer = Issuer()
        let keys = issuer.keys()
        let first = Task { try await keys.set(with: "first") }
        first.cancel()
        _ = try await keys.set(with: "first")
        _ = await first.result
        #expect(issuer.fetches == 1)
    }

    @Test(
        "are kept within bounds, whatever the issuer says",
        arguments: [(nil, 60), (0, 60), (-5, 60), (100, 100), (10_000_000, 86_400)] as [(Int64?, Int64)])
    func bounds(said: Int64?, kept: Int64) async throws {
        let issuer = Issuer()
        issuer.state.withLock { $0.lifetime = said.map { .seconds($0) } }
        let keys = issuer.keys()
        _ = try await keys.set(with: "first")
        issuer.clock.advance(by: .seconds(kept) - .milliseconds(1))
        _ = try await keys.set(with: "first")
        #expect(issuer.fetches == 1)
        issuer.clock.advance(by: .milliseconds(1))
        _ = try await keys.set(with: "first")
        #expect(issuer.fetches == 2)
    }

    @Test(
        "are kept for what Cache-Control leaves of them",
        arguments: [
            ([], nil), ([("Cache-Control", "public, max-age=22222, must-revalidate, no-transform")], 22_222),
            ([("cache-control", "MAX-AGE=100"), ("Age", "40")], 60),
            ([("Cache-Control", "max-age=10"), ("Age", "40")], 0),
            ([("Cache-Control", "no-store")], 0), ([("Cache-Control", "no-cache, max-age=100")], 0),
            ([("Cache-Control", "max-age=99999999999999999999")], nil),
            ([("Cache-Control", "max-age=x")], nil),
            ([("Cache-Control", "max-age=-1")], nil),
            ([("Cache-Control", "max-age=100"), ("Age", "-5")], 100),
        ] as [([(String, String)], Int64?)])
    func lifetime(headers: [(String, String)], seconds: Int64?) throws {
        let response = HTTPResponse(
            status: 200, headers: headers.map { (name: $0.0, value: $0.1) },
            body: try IdentityFixtures.bytes("keys.json"))
        #expect(try PublishedKeys.answer(response).lifetime == seconds.map { .seconds($0) })
    }

    @Test("are fetched by HTTP, and other answers are no keys")
    func http() async throws {
        let body = try IdentityFixtures.bytes("keys.json")
        let server = try LoopbackServer { request in
            switch request.path {
            case "/keys": .answer(status: 200, headers: [("Cache-Control", "max-age=300")], body: body)
            case "/wrong": .answer(status: 200, headers: [], body: Array("<html>".utf8))
            default: .answer(status: 503, headers: [], body: body)
            }
        }
        let client = try HTTPClient()
        let clock = ManualClock()
        let keys = PublishedKeys(url: server.url("/keys"), client: client, clock: clock)
        #expect(try await keys.set(with: "second").key("second") != nil)
        for path in ["/wrong", "/down"] {
            let others = PublishedKeys(url: server.url(path), client: client, clock: clock)
            let problem = await #expect(throws: Problem.self) { try await others.set(with: "first") }
            #expect(problem?.code == .unavailable)
        }
        await client.shutDown()
    }
}
