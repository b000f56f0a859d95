import MusterCore
import MusterHTTP
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct HeaderTests {
    @Test("headers arrive in order, repeated ones and empty ones too")
    func sent() async throws {
        let server = try LoopbackServer { _ in .answer() }
        let headers = [
            (name: "X-First", value: "1"), (name: "x-again", value: "a, b"), (name: "X-Again", value: "c"),
            (name: "X-Empty", value: ""), (name: "X-Blank", value: " \t"),
            (name: "X-Text", value: "grün\t=:;"),
        ]
        _ = try await withClient { try await $0.send(HTTPRequest(.get, server.url(), headers: headers)) }

        let request = try #require(server.received.first)
        let ours = request.headers.filter { $0.name.lowercased().hasPrefix("x-") }
        #expect(ours.map(\.name) == headers.map(\.name))
        #expect(ours.map(\.value) == ["1", "a, b", "c", "", "", "grün\t=:;"])
    }

    @Test("nothing is added but the host, what is accepted, who asks and the length")
    func added() async throws {
        let server = try LoopbackServer { _ in .answer() }
        try await withClient(.init(userAgent: "muster/1 (test)")) { client in
            _ = try await client.send(HTTPRequest(.post, server.url(), body: [1]))
            let own = [(name: "user-agent", value: "mine"), (name: "Content-Type", value: "text/plain")]
            _ = try await client.send(HTTPRequest(.post, server.url(), headers: own, body: [1]))
        }
        let received = server.received
        #expect(
            received.first?.headers.map { $0.name.lowercased() }.sorted()
                == ["accept", "content-length", "host", "user-agent"])
        #expect(received.first?.values("User-Agent") == ["muster/1 (test)"])
        #expect(received.last?.values("User-Agent") == ["mine"])
        #expect(received.last?.values("Content-Type") == ["text/plain"])
    }

    @Test("headers of an answer come in order, with their names as sent, and are found in any case")
    func received() async throws {
        let server = try LoopbackServer { _ in
            .answer(headers: [("X-One", "1"), ("x-TWO", " two words "), ("X-one", "again"), ("X-None", "")])
        }
        let response = try await withClient { try await $0.send(HTTPRequest(.get, server.url())) }
        #expect(response.headers.map(\.name) == ["X-One", "x-TWO", "X-one", "X-None", "Content-Length"])
        #expect(response.header("x-ONE") == "1")
        #expect(response.header("X-Two") == "two words")
        #expect(response.header("x-none")?.isEmpty == true)
        #expect(response.header("X-Three") == nil)
    }

    @Test("an interim answer leaves nothing behind")
    func interim() async throws {
        let server = try LoopbackServer { _ in
            .raw("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 204 Done\r\nX-Late: 2\r\n\r\n")
        }
        let response = try await withClient { try await $0.send(HTTPRequest(.get, server.url())) }
        #expect(response.status == 204)
        #expect(response.headers.map(\.name) == ["X-Late"])
    }

    @Test("an answer with too many headers, or too many bytes of them, is refused", arguments: [true, false])
    func excess(isMany: Bool) async throws {
        let server = try LoopbackServer { _ in
            isMany
                ? .answer(headers: (0...HTTPPolicy.headerLimit).map { ("X-\($0)", "v") })
                : .answer(headers: [("X-Long", String(repeating: "v", count: HTTPPolicy.headerBytesLimit))])
        }
        let refused = try await withClient { await problem($0, HTTPRequest(.get, server.url())) }
        #expect(refused?.code == .answerTooLarge)
    }
}
