import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct DestinationTests {
    @Test("a redirect is an answer, and is not followed")
    func redirect() async throws {
        let other = try LoopbackServer { _ in .text("elsewhere") }
        let location = other.url()
        let server = try LoopbackServer { _ in .answer(status: 302, headers: [("Location", location)]) }
        let response = try await withClient { try await $0.send(HTTPRequest(.get, server.url())) }
        #expect(response.status == 302)
        #expect(response.header("Location") == location)
        #expect(other.connections.count == 0)
    }

    @Test("a path arrives as it was written")
    func pathAsWritten() async throws {
        let server = try LoopbackServer { _ in .answer() }
        _ = try await withClient { try await $0.send(HTTPRequest(.get, server.url("/a/../b//c%2F?d=%20#e"))) }
        #expect(server.received.first?.path == "/a/../b//c%2F?d=%20")
    }

    @Test("the proxy that is configured is used, and told the whole URL")
    func proxy() async throws {
        let server = try LoopbackServer { _ in .text("by proxy") }
        let response = try await withClient(.init(proxy: Secret(server.url()))) {
            try await $0.send(HTTPRequest(.get, "http://muster.invalid/x"))
        }
        #expect(response.body == Array("by proxy".utf8))
        #expect(server.received.first?.path == "http://muster.invalid/x")
    }

    // The environment belongs to the whole process, so this one has a process of its own.
    @Test("proxies that the environment names are not used")
    func environment() async {
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer { _ in .answer(status: 502) }
            let server = try LoopbackServer { _ in .text("direct") }
            for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
                setenv(name, proxy.url(), 1)
            }
            let response = try await withClient { try await $0.send(HTTPRequest(.get, server.url())) }
            #expect(response.status == 200)
            #expect(proxy.connections.count == 0)
        }
    }
}
