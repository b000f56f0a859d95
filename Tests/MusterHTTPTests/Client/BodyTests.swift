import MusterCore
import MusterHTTP
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct BodyTests {
    @Test(
        "bodies of any size and any bytes go out and come back",
        arguments: [0, 1, 65_536, 1 << 20, 5_000_000])
    func echo(size: Int) async throws {
        var chance = SeededGenerator(seed: UInt64(size))
        let block = (0..<4_099).map { _ in UInt8.random(in: .min ... .max, using: &chance) }
        var body: [UInt8] = []
        while body.count < size { body += block.prefix(size - body.count) }
        let server = try LoopbackServer { .answer(body: $0.body) }

        let response = try await withClient {
            try await $0.send(HTTPRequest(.post, server.url(), body: body))
        }

        #expect(response.body == body)
        #expect(server.received.first?.values("expect") == [])
    }

    @Test(
        "an answer may have as many bytes as its limit, and not one more", arguments: [0, 1, 1_000, 100_000])
    func limit(limit: Int) async throws {
        let server = try LoopbackServer { request in
            .answer(body: Array(repeating: 7, count: request.path == "/over" ? limit + 1 : limit))
        }
        try await withClient { client in
            let exact = try await client.send(HTTPRequest(.get, server.url("/at"), bodyLimit: limit))
            #expect(exact.body.count == limit)
            let refused = await problem(client, HTTPRequest(.get, server.url("/over"), bodyLimit: limit))
            #expect(refused?.code == .answerTooLarge)
            #expect(refused?.message.contains("\(limit) bytes") == true)
        }
    }

    @Test("the limit holds for an answer that does not tell its length")
    func chunked() async throws {
        let chunk = "5\r\nabcde\r\n"
        let server = try LoopbackServer { _ in
            .raw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + chunk + chunk + "0\r\nX-Sum: 10\r\n\r\n")
        }
        try await withClient { client in
            let response = try await client.send(HTTPRequest(.get, server.url(), bodyLimit: 10))
            #expect(response.body == Array("abcdeabcde".utf8))
            #expect(response.header("X-Sum") == nil)
            let refused = await problem(client, HTTPRequest(.get, server.url(), bodyLimit: 9))
            #expect(refused?.code == .answerTooLarge)
        }
    }

    @Test("a body stays as it came when the answer says it is compressed")
    func notDecompressed() async throws {
        let bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0]
        let server = try LoopbackServer { _ in
            .answer(headers: [("Content-Encoding", "gzip")], body: bytes)
        }
        let response = try await withClient { try await $0.send(HTTPRequest(.get, server.url())) }
        #expect(response.body == bytes)
        #expect(server.received.first?.values("accept-encoding") == [])
    }
}
