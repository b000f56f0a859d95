import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@Suite(.timeLimit(.minutes(3)))
struct ConnectionTests {
    @Test("calls one after the other use one connection")
    func reuse() async throws {
        let server = try LoopbackServer { .text($0.path) }
        try await withClient { client in
            for number in 0..<200 {
                let response = try await client.send(HTTPRequest(.get, server.url("/\(number)")))
                #expect(response.body == Array("/\(number)".utf8))
            }
        }
        #expect(server.connections.count == 1)
    }

    @Test("two hundred calls at once get their own answers over no more connections than allowed")
    func concurrent() async throws {
        let server = try LoopbackServer { .answer(body: Array($0.path.utf8) + $0.body) }
        try await withClient(.init(connectionsPerHost: 8)) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let body = Array(repeating: UInt8(number), count: number * 50)
                        let response = try await client.send(
                            HTTPRequest(.post, server.url("/\(number)"), body: body))
                        #expect(response.body == Array("/\(number)".utf8) + body)
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(server.requests.count == 200)
        #expect((1...8).contains(server.mostOpen))
    }

    @Test("a call goes over a Unix socket, and the URL's host is only its name")
    func unixSocket() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/api.sock"
        let server = try LoopbackServer(path: path) { .answer(body: $0.body) }
        try await withClient { client in
            for text in ["one", "two"] {
                let response = try await client.send(
                    HTTPRequest(
                        .post, "http://muster.invalid/x", unixSocketPath: path, body: Array(text.utf8)))
                #expect(response.body == Array(text.utf8))
            }
        }
        #expect(server.connections.count == 1)
        #expect(server.received.first?.values("host") == ["muster.invalid"])
    }

    @Test("a Unix socket's connection is not used for the host of the same name, nor the other way")
    func socketsApart() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/api.sock"
        let local = try LoopbackServer(path: path) { _ in .text("socket") }
        let remote = try LoopbackServer { _ in .text("port") }
        try await withClient { client in
            for _ in 0..<2 {
                let first = try await client.send(HTTPRequest(.get, remote.url()))
                let second = try await client.send(HTTPRequest(.get, remote.url(), unixSocketPath: path))
                #expect(first.body == Array("port".utf8))
                #expect(second.body == Array("socket".utf8))
            }
        }
        #expect(local.requests.count == 2)
        #expect(remote.requests.count == 2)
    }

    @Test(
        "when a used connection breaks, only what may be done twice is sent again",
        arguments: HTTPMethod.allCases)
    func repeated(method: HTTPMethod) async throws {
        let arrivals = Milestone()
        let server = try LoopbackServer { _ in
            arrivals.pass()
            return arrivals.count == 2 ? .hangUp : .text("done")
        }
        try await withClient { client in
            _ = try await client.send(HTTPRequest(.get, server.url()))
            let failure = await problem(client, HTTPRequest(method, server.url()))
            switch method {
            case .post, .patch:
                #expect(failure?.code == .networkFailed)
                #expect(server.requests.count == 2)
            case .get, .head, .put, .delete:
                #expect(failure == nil)
                #expect(server.requests.count == 3)
            }
        }
    }

    @Test("no child process inherits a connection")
    func closeOnExec() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        try await withClient { client in
            _ = try await client.send(HTTPRequest(.get, server.url()))
            let flags = (0..<65_536).filter { peerPort(of: $0) == server.port }.map { fcntl($0, F_GETFD) }
            #expect(flags == [FD_CLOEXEC])
        }
    }

    @Test("a connection to a host that has gone without a word is given up by the kernel")
    func silence() async throws {
        let server = try LoopbackServer { _ in .text("done") }
        try await withClient { client in
            _ = try await client.send(HTTPRequest(.get, server.url()))
            let descriptor = try #require((0..<65_536).first { peerPort(of: $0) == server.port })
            #expect(option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, of: descriptor) == 15_000)
            #expect(option(SOL_SOCKET, SO_KEEPALIVE, of: descriptor) == 1)
        }
    }

    private func option(_ level: Int32, _ name: Int32, of descriptor: Int32) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, level, name, &value, &length)
        return value
    }

    private func peerPort(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            getpeername(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }
}
