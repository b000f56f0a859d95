import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct IsolationTests {
    @Test("two hundred calls to a host that hangs delay none of two hundred to another")
    func hangingHost() async throws {
        let dead = try LoopbackServer { _ in .silence }
        let good = try LoopbackServer { .text($0.path) }
        try await withClient { client in
            let hanging = Task { await calls(200, to: dead, client) }
            try await dead.requests.reach(HTTPPolicy.connectionsPerHost)
            let answered = await calls(200, to: good, client)
            #expect(answered.allSatisfy { $0 == nil })
            // All of them are still there: what answered did so beside them.
            #expect(dead.closings.count == 0)
            #expect(dead.requests.count == HTTPPolicy.connectionsPerHost)
            #expect(dead.mostOpen == HTTPPolicy.connectionsPerHost)
            hanging.cancel()
            #expect(await hanging.value.allSatisfy { $0?.code == .cancelled })
        }
        #expect(good.mostOpen <= HTTPPolicy.connectionsPerHost)
    }

    @Test("nine hundred calls of one kind that hang do not hold up another kind's to the same host")
    func hangingKind() async throws {
        let server = try LoopbackServer { $0.path == "/there" ? .silence : .text("done") }
        let url = server.url()
        try await withClient { client in
            let paced = PacedClient(client, clock: SystemClock(), seed: 1)
            let hanging = Task {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<900 {
                        group.addTask {
                            _ = try? await paced.send(.elsewhere, CallPolicy()) { () throws(Problem) in
                                HTTPRequest(.get, url + "there")
                            } judge: { _ in
                                .done
                            }
                        }
                    }
                }
            }
            try await server.requests.reach(12)
            for _ in 0..<20 {
                let answer = try await paced.send(.read, CallPolicy()) { () throws(Problem) in
                    HTTPRequest(.get, url + "here")
                } judge: { _ in
                    .done
                }
                #expect(answer.status == 200)
            }
            #expect(server.received.count { $0.path == "/there" } == 12)
            hanging.cancel()
            await hanging.value
        }
    }

    /// How each of so many calls at once ends; nil for an answer.
    private func calls(_ count: Int, to server: LoopbackServer, _ client: HTTPClient) async -> [Problem?] {
        await withTaskGroup(of: Problem?.self) { group in
            for number in 0..<count {
                group.addTask {
                    await problem(client, HTTPRequest(.get, server.url("/\(number)"), timeout: .seconds(20)))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
