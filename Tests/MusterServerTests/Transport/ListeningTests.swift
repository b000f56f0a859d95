import Glibc
import MusterCore
import MusterRuntime
import Testing

@testable import MusterServer

@Suite("Listening", .timeLimit(.minutes(3)))
struct ListeningTests {
    private static func configuration(_ path: String) -> HTTPServerConfiguration {
        var configuration = testConfiguration()
        configuration.unixSocket = path
        return configuration
    }

    private static func start(_ configuration: HTTPServerConfiguration) throws -> HTTPServer {
        try HTTPServer.start(configuration: configuration, handler: ClosureHandler(body: echo), log: .silent)
    }

    private static func problem(starting configuration: HTTPServerConfiguration) -> ProblemCode? {
        #expect(throws: Problem.self) { try start(configuration) }?.code
    }

    @Test("on TCP and on a unix socket at once tells their clients apart")
    func peers() async throws {
        try await withFolder { folder in
            let path = "\(folder)/s"
            try await withServer(
                Self.configuration(path), handler: { .text("\($0.peer == .unixSocket(userID: geteuid()))") }
            ) { server in
                let through = try RawClient(path: path)
                through.send(get("/") + get("/"))
                #expect(try await through.response().text == "true")
                #expect(try await through.response().text == "true")
                let network = try RawClient(port: server.port)
                network.send(get("/"))
                #expect(try await network.response().text == "false")
            }
        }
    }

    @Test("on a unix socket notices a client that leaves")
    func unixHangUp() async throws {
        try await withFolder { folder in
            let started = Happenings<Void>()
            let cancelled = Happenings<Void>()
            try await withServer(
                Self.configuration("\(folder)/s"),
                handler: { request in
                    request.watchForHangUp()
                    started.happen(())
                    await untilCancelled()
                    cancelled.happen(())
                    return .text("")
                }
            ) { server in
                let client = try RawClient(path: "\(folder)/s")
                client.send(get("/"))
                try await started.next()
                client.hangUp()
                try await cancelled.next()
            }
        }
    }

    @Test("on a unix socket makes the file for the user alone and removes it at the end")
    func mode() async throws {
        try await withFolder { folder in
            let path = "\(folder)/s"
            try await withServer(Self.configuration(path)) { _ in
                #expect(FileIdentity(path)?.permissions == 0o600)
                #expect(FileIdentity(path)?.isSocket == true)
                #expect(FileIdentity(path + ".lock")?.permissions == 0o600)
            }
            #expect(FileIdentity(path) == nil)
        }
    }

    @Test("on a unix socket replaces the file of a dead process")
    func stale() async throws {
        try await withFolder { folder in
            let path = "\(folder)/s"
            close(try boundSocket(path, listens: true))
            #expect(FileIdentity(path)?.isSocket == true)
            try await withServer(Self.configuration(path)) { _ in
                let client = try RawClient(path: path)
                client.send(get("/"))
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test("on a unix socket leaves a live one alone, another server's or a stranger's")
    func live() async throws {
        try await withFolder { folder in
            let path = "\(folder)/s"
            let stranger = try boundSocket(path, listens: true)
            #expect(Self.problem(starting: Self.configuration(path)) == .conflict)
            close(stranger)
            try await withServer(Self.configuration(path)) { _ in
                #expect(Self.problem(starting: Self.configuration(path)) == .conflict)
                // The lock decides, also when the socket looks dead.
                unlink(path)
                #expect(Self.problem(starting: Self.configuration(path)) == .conflict)
            }
            await (try Self.start(Self.configuration(path))).stop(grace: .zero)
        }
    }

    @Test("on a unix socket does not remove what is not one, nor what another has put there")
    func strangers() async throws {
        try await withFolder { folder in
            let path = "\(folder)/s"
            close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
            #expect(Self.problem(starting: Self.configuration(path)) == .conflict)
            #expect(FileIdentity(path)?.isSocket == false)
            unlink(path)
            try await withServer(Self.configuration(path)) { _ in
                unlink(path)
                close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
            }
            #expect(FileIdentity(path)?.isSocket == false)
        }
    }

    @Test("is refused where it cannot be")
    func impossible() async throws {
        var nowhere = testConfiguration()
        nowhere.tcp = nil
        #expect(Self.problem(starting: nowhere) == .inputInvalid)
        var named = testConfiguration()
        named.tcp = .init(host: "localhost.example", port: 0)
        #expect(Self.problem(starting: named) == .inputInvalid)
        let long = "/tmp/" + String(repeating: "x", count: 200)
        #expect(Self.problem(starting: Self.configuration(long)) == .inputInvalid)
        #expect(Self.problem(starting: Self.configuration("/nowhere/at/all")) == .unavailable)
        try await withServer { server in
            var taken = testConfiguration()
            taken.tcp = .init(port: server.port ?? 0)
            #expect(Self.problem(starting: taken) == .conflict)
        }
    }

    @Test("on IPv6 works where the machine has it")
    func loopback6() async throws {
        var configuration = testConfiguration()
        configuration.tcp = .init(host: "::1", port: 0)
        do {
            try await withServer(configuration) { #expect($0.port != 0) }
        } catch let problem as Problem {
            // A machine without IPv6 says so; nothing else may fail.
            #expect(problem.code == .unavailable)
        }
    }

    @Test("hands no socket to programs that are started")
    func closeOnExec() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            client.send(get("/"))
            _ = try await client.response()
            let port = try #require(server.port)
            let sockets = (3..<4096).filter { localPort(Int32($0)) == port }
            // The listening one and the accepted one.
            #expect(sockets.count == 2)
            for socket in sockets { #expect(fcntl(Int32(socket), F_GETFD) & FD_CLOEXEC == FD_CLOEXEC) }
        }
    }

    private func localPort(_ descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) }
        }
        guard result == 0, Int32(address.sin_family) == AF_INET else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }

    private func boundSocket(_ path: String, listens: Bool) throws -> Int32 {
        let address = try UnixSocketAddress(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0, !listens || listen(descriptor, 1) == 0
        else { throw SocketFailure(what: "bind", number: errno) }
        return descriptor
    }
}
