import Glibc
import MusterCore
import MusterRuntime

@testable import MusterServer

/// A handler made of a closure.
struct ClosureHandler: RequestHandler {
    let body: @Sendable (ServerRequest) async -> ServerResponse

    func respond(to request: ServerRequest) async -> ServerResponse { await body(request) }
}

/// A handler that says what it got.
let echo: @Sendable (ServerRequest) async -> ServerResponse = { request in
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    let path = request.path.map { "<\($0)>" }.joined()
    return .text("\(request.method) \(path) \(query) \(String(decoding: request.body, as: UTF8.self))")
}

/// A configuration on a free port whose request ids count from 1.
func testConfiguration() -> HTTPServerConfiguration {
    let count = Locked(0)
    return HTTPServerConfiguration(tcp: .init(port: 0)) {
        count.withLock { count in
            count += 1
            return "request-\(count)"
        }
    }
}

/// Runs `body` with a server, which is stopped afterwards.
func withServer<Result: Sendable>(
    _ configuration: HTTPServerConfiguration = testConfiguration(),
    handler: @escaping @Sendable (ServerRequest) async -> ServerResponse = echo,
    _ body: (HTTPServer) async throws -> Result
) async throws -> Result {
    let server = try HTTPServer.start(
        configuration: configuration, handler: ClosureHandler(body: handler), log: .silent)
    do {
        let result = try await body(server)
        await server.stop(grace: .seconds(5))
        return result
    } catch {
        await server.stop(grace: .zero)
        throw error
    }
}

/// A GET request.
func get(_ target: String, _ headers: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n"
}

/// A POST request with a body of known length.
func post(_ target: String, _ body: String, _ headers: String = "") -> String {
    "POST \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// A folder of its own for one test, short enough for unix sockets, removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/muster-transport-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SocketFailure(what: "mkdtemp", number: errno) }
    let folder = String(cString: made)
    defer {
        for name in ["s", "s.lock"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
    return try await body(folder)
}
