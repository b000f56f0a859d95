import Glibc
import MusterRuntime
import Testing

@testable import MusterServer

@Suite("Stopping the server", .timeLimit(.minutes(3)))
struct StopTests {
    private static func start(
        _ handler: @escaping @Sendable (ServerRequest) async -> ServerResponse
    ) throws -> HTTPServer {
        try HTTPServer.start(
            configuration: testConfiguration(), handler: ClosureHandler(body: handler), log: .silent)
    }

    @Test("answers what is in hand and refuses what comes after")
    func inFlight() async throws {
        let started = Happenings<Void>()
        let gate = Gate()
        let server = try Self.start { request in
            if request.path == ["slow"] {
                started.happen(())
                await gate.pass()
            }
            return .text("done")
        }
        let idle = try RawClient(port: server.port)
        let open = try RawClient(port: server.port)
        for client in [idle, open] {
            client.send(get("/"))
            #expect(try await client.response().closes == false)
        }
        let slow = try RawClient(port: server.port)
        slow.send(get("/slow"))
        try await started.next()

        async let stopped: Void = server.stop(grace: .seconds(30))
        try await waitUntilRefused(server)
        open.send(get("/"))
        let refusal = try await open.response()
        #expect(refusal.status == 503)
        #expect(refusal.text.hasPrefix("{\"code\":\"shutting-down\""))
        #expect(refusal.closes)
        gate.open()
        let response = try await slow.response()
        #expect(response.text == "done")
        #expect(response.closes)
        await stopped
        #expect(try await idle.isClosed())
    }

    @Test("cancels handlers that still wait after the grace time and sends what they answer")
    func waiting() async throws {
        let started = Happenings<Void>()
        let server = try Self.start { request in
            if request.path == ["watched"] { request.watchForHangUp() }
            started.happen(())
            await untilCancelled()
            return .text("cancelled")
        }
        let clients = try [RawClient(port: server.port), RawClient(port: server.port)]
        clients[0].send(get("/watched"))
        clients[1].send(get("/"))
        for _ in clients { try await started.next() }
        await server.stop(grace: .zero)
        for client in clients {
            #expect(try await client.response().text == "cancelled")
            #expect(try await client.isClosed())
        }
    }

    @Test("answers 503 for a handler that is deaf to cancellation")
    func deaf() async throws {
        let started = Happenings<Void>()
        let gate = Gate()
        let server = try Self.start { _ in
            started.happen(())
            await gate.pass()
            return .text("too late")
        }
        let client = try RawClient(port: server.port)
        client.send(get("/"))
        try await started.next()
        await server.stop(grace: .zero)
        let response = try await client.response()
        #expect(response.status == 503)
        #expect(response.text.hasPrefix("{\"code\":\"shutting-down\""))
        gate.open()
    }

    @Test("may be asked for many times at once and again")
    func repeated() async throws {
        let server = try Self.start(echo)
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...5 { group.addTask { await server.stop(grace: .seconds(1)) } }
        }
        await server.stop(grace: .seconds(1))
        #expect(throws: SocketFailure.self) { try RawClient(port: server.port) }
    }

    @Test("is safe at any moment under load", arguments: 1...10)
    func underLoad(round: Int) async throws {
        let answered = Happenings<Void>()
        let server = try Self.start { request in
            if request.path == ["wait"] { request.watchForHangUp() }
            await Task.yield()
            return .text("done")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<4 {
                group.addTask {
                    while let client = try? RawClient(port: server.port) {
                        client.send(get(index % 2 == 0 ? "/wait" : "/") + get("/"))
                        guard let response = try? await client.response() else { continue }
                        #expect([200, 503].contains(response.status))
                        answered.happen(())
                        if index == 3 { client.hangUp() } else { _ = try? await client.response() }
                    }
                }
            }
            for _ in 0..<round * 10 { try await answered.next() }
            await server.stop(grace: .seconds(5))
        }
    }

    /// Nothing tells from outside that a server has begun to stop, but that it takes no connection.
    private func waitUntilRefused(_ server: HTTPServer) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while (try? RawClient(port: server.port)) != nil, .now < deadline {
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
