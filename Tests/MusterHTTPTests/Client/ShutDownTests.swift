import MusterCore
import MusterHTTP
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct ShutDownTests {
    @Test("what is in flight or waits for a connection fails, and so does what comes later")
    func inFlight() async throws {
        let server = try LoopbackServer { _ in .silence }
        let client = try HTTPClient(configuration: .init(connectionsPerHost: 2))
        let calls = (0..<5).map { _ in
            Task { await problem(client, HTTPRequest(.get, server.url())) }
        }
        try await server.requests.reach(2)
        await client.shutDown()
        for call in calls { #expect(await call.value?.code == .shuttingDown) }
        let late = await problem(client, HTTPRequest(.get, server.url()))
        #expect(late?.code == .shuttingDown)
        #expect(server.requests.count == 2)
    }

    @Test("connections are closed when it returns")
    func closesConnections() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(.get, server.url()))
        await client.shutDown()
        try await server.closings.reach(1)
    }

    @Test("asking again, or many at once, is asking once")
    func idempotent() async throws {
        let client = try HTTPClient()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { await client.shutDown() } }
        }
        await client.shutDown()
    }

    @Test("calls and a shutdown may meet in any order", arguments: 0..<4)
    func races(seed: UInt64) async throws {
        var chance = SeededGenerator(seed: seed)
        let server = try LoopbackServer { _ in .text("done") }
        for _ in 0..<20 {
            let client = try HTTPClient()
            let calls = (0..<10).map { _ in
                Task { await problem(client, HTTPRequest(.get, server.url())) }
            }
            for _ in 0..<Int.random(in: 0..<40, using: &chance) { await Task.yield() }
            await client.shutDown()
            for call in calls {
                let failure = await call.value
                #expect(failure == nil || failure?.code == .shuttingDown)
            }
        }
    }

    @Test("a client that is let go ends its loop and closes its connections")
    func letGo() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        do {
            let client = try HTTPClient()
            _ = try await client.send(HTTPRequest(.get, server.url()))
        }
        try await server.closings.reach(1)
    }

    @Test("a client that nobody else holds lives until its call is answered")
    func heldByItsCall() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        let response = try await HTTPClient().send(HTTPRequest(.get, server.url()))
        #expect(response.status == 200)
        try await server.closings.reach(1)
    }

    @Test("a client that was never used can be let go or shut down")
    func unused() async throws {
        _ = try HTTPClient()
        await (try HTTPClient()).shutDown()
    }
}
