import MusterHTTP
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct MethodTests {
    @Test(
        "every method arrives as it is named, with its body", arguments: HTTPMethod.allCases, [false, true])
    func methods(method: HTTPMethod, hasBody: Bool) async throws {
        guard method != .head || !hasBody else { return }
        let server = try LoopbackServer { .answer(status: 201, headers: [("X-Seen", $0.method)]) }
        let body = hasBody ? Array("what is sent".utf8) : nil

        let response = try await withClient {
            try await $0.send(HTTPRequest(method, server.url("/a/b?c=d"), body: body))
        }

        #expect(response.status == 201)
        #expect(response.header("x-seen") == method.rawValue)
        let request = try #require(server.received.first)
        #expect(request.line == "\(method.rawValue) /a/b?c=d HTTP/1.1")
        #expect(request.body == body ?? [])
    }

    @Test("a method that carries a body says that there is none", arguments: [nil, []] as [[UInt8]?])
    func emptyBody(body: [UInt8]?) async throws {
        let server = try LoopbackServer { _ in .text("done") }
        try await withClient { client in
            for method in [HTTPMethod.post, .put, .patch] {
                _ = try await client.send(HTTPRequest(method, server.url(), body: body))
            }
        }
        #expect(server.received.map { $0.values("content-length") } == [["0"], ["0"], ["0"]])
    }

    @Test("an answer to HEAD has its length in the headers only")
    func head() async throws {
        let server = try LoopbackServer { _ in .text("never sent") }
        let response = try await withClient { try await $0.send(HTTPRequest(.head, server.url())) }
        #expect(response.header("Content-Length") == "10")
        #expect(response.body.isEmpty)
    }

    @Test("a connection is the same after HEAD, with and without a body")
    func mixed() async throws {
        let server = try LoopbackServer { .text($0.method) }
        try await withClient { client in
            for method in [HTTPMethod.post, .head, .get, .delete, .head, .put] {
                let response = try await client.send(HTTPRequest(method, server.url()))
                #expect(response.body == (method == .head ? [] : Array(method.rawValue.utf8)))
            }
        }
        #expect(server.connections.count == 1)
    }
}
