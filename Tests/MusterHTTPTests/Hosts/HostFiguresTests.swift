import Glibc
import MusterCore
import MusterTesting
import Testing

@testable import MusterHTTP

@Suite(.timeLimit(.minutes(3)))
struct HostFiguresTests {
    @Test("calls, failures and connections are counted by host")
    func counted() async throws {
        let good = try LoopbackServer { _ in .text("done") }
        let bad = try LoopbackServer { _ in .hangUp }
        let hosts = try await withClient { client in
            for _ in 0..<3 { _ = try await client.send(HTTPRequest(.get, good.url("/a?b"))) }
            for _ in 0..<2 { #expect(await problem(client, HTTPRequest(.post, bad.url())) != nil) }
            return client.hosts.sorted { $0.failures.count < $1.failures.count }
        }
        try #require(hosts.count == 2)
        #expect(hosts[0].host == "http://127.0.0.1:\(good.port)")
        #expect(hosts[0].calls == 3)
        #expect(hosts[0].connections == 1)
        #expect(hosts[0].failures.isEmpty)
        #expect(hosts[1].calls == 2)
        #expect(hosts[1].connections == 2)
        #expect(hosts[1].failures == ["network-failed": 2])
    }

    @Test("who waits and who runs is told, and counted as over however it ends")
    func gauges() async throws {
        let server = try LoopbackServer { _ in .silence }
        try await withClient(.init(connectionsPerHost: 2)) { client in
            let calls = (0..<5).map { _ in Task { await problem(client, HTTPRequest(.get, server.url())) } }
            try await server.requests.reach(2)
            #expect(client.hosts.map(\.running) == [2])
            for call in calls { call.cancel() }
            for call in calls { _ = await call.value }
            await client.shutDown()
            #expect(client.hosts.map(\.running) == [0])
            #expect(client.hosts.map(\.waiting) == [0])
            // Those that were cancelled before they came to the client's thread are not counted.
            let cancelled = client.hosts.first?.failures["cancelled"] ?? 0
            #expect((2...5).contains(cancelled))
            #expect(client.hosts.map(\.calls) == [cancelled])
        }
    }

    @Test("hosts beyond the bound are counted together")
    func bound() {
        let ledger = HostLedger()
        for number in 0..<(HTTPPolicy.hosts + 10) { ledger.count("host-\(number)") { $0.calls += 1 } }
        #expect(ledger.all.count == HTTPPolicy.hosts + 1)
        #expect(ledger.all.first { $0.host == "others" }?.calls == 10)
    }
}
