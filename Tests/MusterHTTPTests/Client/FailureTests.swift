import Glibc
import MusterCore
import MusterHTTP
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct FailureTests {
    @Test("a server that never answers is given up when the time is over")
    func timeout() async throws {
        let server = try LoopbackServer { _ in .silence }
        try await withClient { client in
            let start = ContinuousClock.now
            let failure = await problem(
                client, HTTPRequest(.get, server.url(), timeout: .milliseconds(150)))
            #expect(failure?.code == .networkTimeout)
            #expect(failure?.message.contains("0.15 seconds") == true)
            #expect(start.duration(to: .now) >= .milliseconds(150))
            try await server.closings.reach(1)
        }
    }

    @Test("the wait for a free connection counts, and the next call gets the connection")
    func timeoutInQueue() async throws {
        let server = try LoopbackServer { $0.path == "/hang" ? .silence : .text("done") }
        try await withClient(.init(connectionsPerHost: 1)) { client in
            let hanging = Task { await problem(client, HTTPRequest(.get, server.url("/hang"))) }
            try await server.requests.reach(1)
            let queued = HTTPRequest(.get, server.url("/queued"), timeout: .milliseconds(50))
            let failure = await problem(client, queued)
            #expect(failure?.code == .networkRefused)
            #expect(failure?.message.contains("not sent") == true)

            let next = Task { try await client.send(HTTPRequest(.get, server.url("/next"))) }
            hanging.cancel()
            #expect(await hanging.value?.code == .cancelled)
            _ = try await next.value
            #expect(server.received.map(\.path) == ["/hang", "/next"])
        }
    }

    @Test("a host that takes no connection is given up when the time to connect is over")
    func connectTimeout() async throws {
        let blackhole = try Blackhole()
        let request = HTTPRequest(
            .get, blackhole.url, connectTimeout: .milliseconds(150))
        let failure = try await withClient { await problem($0, request) }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("no connection within 0.15 seconds") == true)
    }

    @Test("a host that takes no connection before the whole time is over was sent nothing either")
    func overdueUnconnected() async throws {
        let blackhole = try Blackhole()
        let request = HTTPRequest(.post, blackhole.url, timeout: .milliseconds(150))
        let failure = try await withClient { await problem($0, request) }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("not sent, for want of a connection within 0.15 seconds") == true)
    }

    @Test("a name that is no host's was sent nothing, and the problem names it")
    func unresolvable() async throws {
        let failure = try await withClient {
            await problem($0, HTTPRequest(.post, "http://nowhere.invalid/"))
        }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("nowhere.invalid") == true)
    }

    @Test("a request that went out on a connection that broke may have arrived, whoever refuses the next one")
    func refusedAfterSending() async throws {
        let listener = try ListeningSocket.onLoopback()
        DetachedThread.run {
            let descriptor = accept(listener.descriptor, nil, nil)
            let connection = ServedConnection(descriptor)
            let first = connection.receive()
            _ = connection.send(.text("done"), to: first)
            _ = connection.receive()
            close(listener.descriptor)
            close(descriptor)
        }
        try await withClient { client in
            let url = "http://127.0.0.1:\(listener.port)/"
            _ = try await client.send(HTTPRequest(.get, url))
            let failure = await problem(client, HTTPRequest(.put, url))
            #expect(failure?.code == .networkFailed)
            #expect(failure?.message.contains("may have arrived") == true)
        }
    }

    @Test("a port that nobody listens on refuses")
    func refused() async throws {
        let listener = try ListeningSocket.onLoopback()
        close(listener.descriptor)
        let failure = try await withClient {
            await problem($0, HTTPRequest(.get, "http://127.0.0.1:\(listener.port)/"))
        }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("Connection refused") == true)
    }

    @Test("a Unix socket that is not there refuses, and is named")
    func noSocket() async throws {
        let folder = try TemporaryFolder()
        let request = HTTPRequest(.get, "http://localhost/", unixSocketPath: "\(folder.path)/none.sock")
        let failure = try await withClient { await problem($0, request) }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("\(folder.path)/none.sock") == true)
    }

    @Test(
        "an answer that is cut short, or is none, fails",
        arguments: [
            "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "SSH-2.0-OpenSSH_9.2\r\n",
        ])
    func midway(answer: String) async throws {
        let server = try LoopbackServer { _ in .raw(answer) }
        let failure = try await withClient { await problem($0, HTTPRequest(.get, server.url())) }
        #expect(failure?.code == .networkFailed)
    }

    @Test("a server that speaks no TLS fails a call over it")
    func noTLS() async throws {
        let listener = try ListeningSocket.onLoopback()
        DetachedThread.run {
            let descriptor = accept(listener.descriptor, nil, nil)
            _ = ServedConnection(descriptor).send(.raw("HTTP/1.1 400 No\r\n\r\n"), to: nil)
            close(descriptor)
            close(listener.descriptor)
        }
        let failure = try await withClient {
            await problem($0, HTTPRequest(.get, "https://127.0.0.1:\(listener.port)/"))
        }
        #expect(failure?.code == .networkRefused)
    }

    @Test("a problem tells method and host, and none of what may be secret")
    func secrets() async throws {
        let cut = try LoopbackServer { _ in
            .raw("HTTP/1.1 200 OK\r\nX-Key: hush-5\r\nContent-Length: 9\r\n\r\n")
        }
        let silent = try LoopbackServer { _ in .silence }
        let listener = try ListeningSocket.onLoopback()
        close(listener.descriptor)
        try await withClient { client in
            for port in [cut.port, silent.port, listener.port] {
                let request = HTTPRequest(
                    .post, "http://127.0.0.1:\(port)/hush-1?hush-2#hush-3",
                    headers: [(name: "Authorization", value: "hush-4")], body: Array("hush-6".utf8),
                    timeout: .milliseconds(100))
                let failure = try #require(await problem(client, request))
                #expect(failure.message.contains("POST http://127.0.0.1:\(port)"))
                #expect(!failure.message.contains("hush"))
            }
        }
    }
}
