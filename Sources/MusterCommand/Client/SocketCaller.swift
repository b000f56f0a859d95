import MusterCore
import MusterHTTP
import MusterRuntime

/// Calls a running service through its unix socket.
struct SocketCaller: ServiceCaller {
    let isServed = true
    private let client: HTTPClient
    private let socket: String

    init(socket: String) throws(Problem) {
        self.socket = socket
        client = try HTTPClient()
    }

    /// Finds out whether somebody answers.
    ///
    /// - Throws: `Problem` `network-refused` when nobody listens, `unavailable` when somebody does and is silent.
    func probe() async throws {
        do {
            _ = try await call("GET", "/healthz", body: nil, timeout: ClientPolicy.probeTimeout)
        } catch let problem as Problem where problem.code == .networkTimeout {
            throw Problem(
                .unavailable,
                "the service at \(socket) does not answer: see its log, or end it and start it again")
        }
    }

    func call(
        _ method: String, _ path: String, body: [UInt8]?, timeout: Duration
    ) async throws -> (status: Int, body: [UInt8]) {
        guard let verb = HTTPMethod(rawValue: method) else {
            throw Problem(.internalError, "\(method) is no method")
        }
        var request = HTTPRequest(verb, "http://localhost" + path)
        request.unixSocketPath = socket
        request.body = body
        request.timeout = timeout
        request.bodyLimit = ClientPolicy.answerLimit
        if body != nil { request.headers = [(name: "Content-Type", value: "application/json")] }
        let response = try await client.send(request)
        return (response.status, response.body)
    }

    func close() async { await client.shutDown() }
}
