import MusterCore
import MusterHTTP
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct RequestValidationTests {
    @Test(
        "a URL that is not plain http or https is refused, and not quoted",
        arguments: [
            "file:///etc/passwd", "FILE:///etc/hush", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
            "127.0.0.1/hush",
            "", "/", "http://", "http://user:hush@127.0.0.1/", "http://hush@127.0.0.1/",
            "http://127.0.0.1/a b", "http://127.0.0.1/\r\nHost: hush", "http://127.0.0.1/\u{0}hush",
            "http://127.0.0.1:99999/", "http://[::1/", "unix:///hush",
        ])
    func urls(url: String) async throws {
        let refused = try await withClient { await problem($0, HTTPRequest(.get, url)) }
        #expect(refused?.code == .inputInvalid)
        #expect(refused?.field == "url")
        #expect(refused?.message.contains("hush") == false)
    }

    @Test(
        "a header that could end early or hide another is refused before anything is sent",
        arguments: [
            ("X-Bad", "a\r\nX-Injected: hush"), ("X-Bad", "hush\n"), ("X-Bad", "\rhush"),
            ("X-Bad", "hush\u{0}"),
            ("X-Bad", "hush\u{7f}"), ("X-Bad\r\nX-Injected", "hush"), ("X-Bad:", "hush"), ("X Bad", "hush"),
            ("", "hush"), ("X-Bäd", "hush"), ("Content-Length", "3"), ("transfer-encoding", "chunked"),
        ])
    func headers(name: String, value: String) async throws {
        let server = try LoopbackServer { _ in .answer() }
        let headers = [(name: "X-Good", value: "good"), (name: name, value: value)]
        let refused = try await withClient {
            await problem($0, HTTPRequest(.get, server.url(), headers: headers))
        }
        #expect(refused?.code == .inputInvalid)
        #expect(refused?.field == "headers[1]")
        #expect(refused?.message.contains("hush") == false)
        #expect(server.connections.count == 0)
    }

    @Test("each bound of a request is held")
    func bounds() async throws {
        let url = "http://127.0.0.1:1/"
        let many = (0...HTTPPolicy.headerLimit).map { (name: "X-\($0)", value: "v") }
        let long = [(name: "X-Long", value: String(repeating: "v", count: HTTPPolicy.headerBytesLimit))]
        let cases: [(HTTPRequest, String)] = [
            (HTTPRequest(.get, url, headers: many), "headers"),
            (HTTPRequest(.get, url, headers: long), "headers"),
            (HTTPRequest(.head, url, body: []), "body"),
            (HTTPRequest(.get, url, timeout: .zero), "timeout"),
            (HTTPRequest(.get, url, timeout: .seconds(1e18)), "timeout"),
            (HTTPRequest(.get, url, connectTimeout: .seconds(-1)), "connectTimeout"),
            (HTTPRequest(.get, url, bodyLimit: -1), "bodyLimit"),
            (HTTPRequest(.get, url, unixSocketPath: ""), "unixSocketPath"),
            (HTTPRequest(.get, url, unixSocketPath: "/a\u{0}b"), "unixSocketPath"),
            (HTTPRequest(.get, url, unixSocketPath: String(repeating: "s", count: 108)), "unixSocketPath"),
        ]
        try await withClient { client in
            for (request, field) in cases {
                let refused = await problem(client, request)
                #expect(refused?.code == .inputInvalid)
                #expect(refused?.field == field)
            }
        }
    }

    @Test("printing a request or an answer shows no path, header or body")
    func printing() {
        let request = HTTPRequest(
            .post, "https://example.org:8443/hush?hush", headers: [(name: "Authorization", value: "hush")],
            body: Array("hush".utf8))
        #expect("\(request)" == "POST https://example.org:8443")
        #expect(dumped(request) == "- POST https://example.org:8443\n")
        let response = HTTPResponse(status: 200, headers: [(name: "X", value: "hush")], body: [1, 2])
        #expect("\(response)" == "status 200, 2 bytes")
        #expect(dumped(response) == "- status 200, 2 bytes\n")
    }

    private func dumped(_ value: some Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }
}
