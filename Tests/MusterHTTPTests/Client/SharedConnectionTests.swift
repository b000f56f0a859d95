import MusterCore
import MusterHTTP
import MusterTesting
import Testing

/// HTTP/2 over TLS, against a server that is none of ours.
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(if: NginxServer.isThere && TLSServer.isThere, "nginx is the server, by OpenSSL's certificate"))
struct SharedConnectionTests {
    @Test("two hundred calls at once share one connection, and so do those after them")
    func shared() async throws {
        let (server, files) = try Self.serve("location / { \(Self.told) return 200 $request_uri; }")
        try await withClient(.init(certificateAuthorities: files.certificate)) { client in
            for _ in 0..<2 {
                let answers = try await Self.ask(client, 200, server)
                #expect(Set(answers.map(\.path)) == Set((0..<200).map { "/\($0)" }))
                #expect(Set(answers.map(\.version)) == ["HTTP/2.0"])
                #expect(Set(answers.map(\.connection)).count == 1)
            }
            #expect(client.hosts.map(\.connections) == [1])
            #expect(client.hosts.map(\.calls) == [400])
        }
    }

    @Test("a body goes to its own call, and a long one is bounded without harm to the others")
    func bodies() async throws {
        let long = String(repeating: "x", count: 4_000)
        let (server, files) = try Self.serve(
            "location / { return 200 $request_uri; } location /long { return 200 \"\(long)\"; }")
        try await withClient(.init(certificateAuthorities: files.certificate)) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    let path = number % 3 == 0 ? "/long" : "/\(number)"
                    let request = HTTPRequest(.get, server.url(path, scheme: "https"), bodyLimit: 100)
                    group.addTask {
                        if path == "/long" {
                            #expect(await problem(client, request)?.code == .answerTooLarge)
                        } else {
                            let response = try await client.send(request)
                            #expect(response.body == Array(path.utf8))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(client.hosts.map(\.connections) == [1])
        }
    }

    @Test("where a connection carries few calls there are as many connections as allowed, and no more")
    func capped() async throws {
        let behind = try LoopbackServer { _ in .silence }
        let good = try LoopbackServer { _ in .text("done") }
        let (server, files) = try Self.serve(
            """
            http2_max_concurrent_streams 4;
            location / { \(Self.told) return 200 done; }
            location /hang { proxy_pass http://127.0.0.1:\(behind.port); }
            """)
        let configuration = HTTPClientConfiguration(
            connectionsPerHost: 2, certificateAuthorities: files.certificate)
        try await withClient(configuration) { client in
            // Tells the client that connections are shared.
            _ = try await Self.ask(client, 1, server)
            let hanging = Task {
                await withTaskGroup(of: Problem?.self) { group in
                    for _ in 0..<50 {
                        let request = HTTPRequest(
                            .get, server.url("/hang", scheme: "https"), timeout: .seconds(100))
                        group.addTask { await problem(client, request) }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            try await behind.requests.reach(8)
            for _ in 0..<100 { _ = try await client.send(HTTPRequest(.get, good.url())) }
            // Two connections of four calls each.
            #expect(behind.requests.count == 8)
            hanging.cancel()
            #expect(await hanging.value.allSatisfy { $0?.code == .cancelled })
            _ = try await Self.ask(client, 1, server)
        }
    }

    @Test("calls of one lane that hang leave streams of the shared connection to another's")
    func lanes() async throws {
        let behind = try LoopbackServer { _ in .silence }
        let (server, files) = try Self.serve(
            """
            location / { \(Self.told) return 200 done; }
            location /hang { proxy_pass http://127.0.0.1:\(behind.port); }
            """)
        try await withClient(.init(certificateAuthorities: files.certificate)) { client in
            _ = try await Self.ask(client, 1, server)
            let hanging = Task {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<900 {
                        let request = HTTPRequest(.get, server.url("/hang", scheme: "https"), lane: "slow")
                        group.addTask { _ = await problem(client, request) }
                    }
                }
            }
            try await behind.requests.reach(75)
            let quick = HTTPRequest(.get, server.url(scheme: "https"), lane: "quick")
            for _ in 0..<20 { #expect(try await client.send(quick).status == 200) }
            #expect(behind.requests.count == 75)
            #expect(client.hosts.map(\.connections) == [1])
            hanging.cancel()
            await hanging.value
        }
    }

    @Test("a server without HTTP/2 is spoken to on as many connections as allowed")
    func alone() async throws {
        let server = try TLSServer(names: "IP:127.0.0.1")
        let configuration = HTTPClientConfiguration(
            connectionsPerHost: 3, certificateAuthorities: server.certificate)
        try await withClient(configuration) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let response = try await client.send(
                            HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"))
                        #expect(response.status == 200)
                    }
                }
                try await group.waitForAll()
            }
            #expect(client.hosts.map(\.calls) == [20])
            #expect(client.hosts.allSatisfy { $0.failures.isEmpty })
        }
    }

    /// What the server tells of the connection.
    private static let told = """
        add_header X-Connection $connection; add_header X-Version $server_protocol;
        """

    private struct Answer: Sendable {
        let path: String
        let connection: String?
        let version: String?
    }

    private static func serve(_ block: String) throws -> (NginxServer, ServerCertificate) {
        let files = try ServerCertificate(names: "IP:127.0.0.1")
        let server = try NginxServer(
            isSecure: true,
            server: "ssl_certificate \(files.certificate); ssl_certificate_key \(files.key); \(block)")
        return (server, files)
    }

    private static func ask(_ client: HTTPClient, _ count: Int, _ server: NginxServer) async throws
        -> [Answer]
    {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            for number in 0..<count {
                group.addTask {
                    let response = try await client.send(
                        HTTPRequest(.get, server.url("/\(number)", scheme: "https")))
                    #expect(response.status == 200)
                    return Answer(
                        path: String(decoding: response.body, as: UTF8.self),
                        connection: response.header("X-Connection"), version: response.header("X-Version"))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
