import Glibc
import MusterCore
import MusterHTTP
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
