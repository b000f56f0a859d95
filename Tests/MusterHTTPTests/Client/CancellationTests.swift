import MusterCore
import MusterTesting
import Testing

@testable import MusterHTTP

@Suite(.timeLimit(.minutes(3)))
struct CancellationTests {
    @Test("cancelling in flight ends the call at once and closes its connection")
    func inFlight() async throws {
        let server = try LoopbackServer { _ in .silence }
        try await withClient { client in
            // Longer than the test may take, so that nothing but the cancellation can end it.
            let request = HTTPRequest(.get, server.url(), timeout: .seconds(600))
            let call = Task { await problem(client, request) }
            try await server.requests.reach(1)
            call.cancel()
            #expect(await call.value?.code == .cancelled)
            try await server.closings.reach(1)
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func beforeStart() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        try await withClient { client in
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await problem(client, HTTPRequest(.get, server.url("/cancelled")))
            }
            #expect(await call.value?.code == .cancelled)
            _ = try await client.send(HTTPRequest(.get, server.url("/next")))
        }
        #expect(server.received.map(\.path) == ["/next"])
    }

    @Test("cancelling after the answer changes nothing, for the call or for the next")
    func afterCompletion() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        try await withClient { client in
            let isAnswered = Milestone()
            let never = Milestone()
            let task = Task {
                let response = try await client.send(HTTPRequest(.get, server.url()))
                isAnswered.pass()
                try? await never.reach(1)
                return response.status
            }
            try await isAnswered.reach(1)
            task.cancel()
            let status = try await task.value
            #expect(status == 200)
            _ = try await client.send(HTTPRequest(.get, server.url()))
        }
        #expect(server.connections.count == 1)
    }

    @Test("a call cancelled at any moment has one outcome, and its client goes on", arguments: 0..<4)
    func races(seed: UInt64) async throws {
        var chance = SeededGenerator(seed: seed)
        let server = try LoopbackServer { _ in .text("done") }
        try await withClient(.init(connectionsPerHost: 4)) { client in
            var calls: [Task<Problem?, Never>] = []
            for _ in 0..<200 {
                let call = Task { await problem(client, HTTPRequest(.get, server.url())) }
                calls.append(call)
                for _ in 0..<Int.random(in: 0..<30, using: &chance) { await Task.yield() }
                calls.randomElement(using: &chance)?.cancel()
            }
            for call in calls {
                let failure = await call.value
                #expect(failure == nil || failure?.code == .cancelled)
            }
            _ = try await client.send(HTTPRequest(.get, server.url()))
        }
    }

    @Test("a thousand hanging calls end when they are cancelled")
    func many() async throws {
        let server = try LoopbackServer { _ in .silence }
        try await withClient { client in
            let group = Task {
                await withTaskGroup(of: ProblemCode?.self) { group in
                    for _ in 0..<1_000 {
                        group.addTask { await problem(client, HTTPRequest(.get, server.url()))?.code }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            try await server.requests.reach(HTTPPolicy.connectionsPerHost)
            group.cancel()
            #expect(await group.value == Array(repeating: .cancelled, count: 1_000))
        }
    }

    @Test("nothing is kept of a call that is over", arguments: ["answered", "in flight", "before start"])
    func noLeak(moment: String) async throws {
        let server = try LoopbackServer { $0.path == "/silent" ? .silence : .text("done") }
        try await withClient { client in
            weak var kept: Call?
            do {
                let path = moment == "in flight" ? "/silent" : "/"
                let call = try Call(HTTPRequest(.get, server.url(path)))
                kept = call
                let task = Task {
                    if moment == "before start" { withUnsafeCurrentTask { $0?.cancel() } }
                    _ = try? await client.perform(call)
                }
                if moment == "in flight" {
                    try await server.requests.reach(1)
                    task.cancel()
                }
                await task.value
                task.cancel()
            }
            // The mailbox is in order: after this the loop has seen all that was posted before.
            _ = try await client.send(HTTPRequest(.get, server.url()))
            #expect(kept == nil)
        }
    }
}
