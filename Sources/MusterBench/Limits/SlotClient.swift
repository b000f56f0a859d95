import MusterAPI
import MusterCore
import MusterHTTP
import MusterRuntime

/// Asks a running service for slots as any program does: over HTTP, on connections that stay open.
struct SlotClient: Sendable {
    private let client: HTTPClient
    private let socket: String

    /// Prepares for as many calls at once as there are clients.
    init(socket: String) throws(Problem) {
        self.socket = socket
        let most = BenchPolicy.limitClients.max() ?? 1
        client = try HTTPClient(
            configuration: HTTPClientConfiguration(connectionsPerHost: most, idleConnections: most))
    }

    func close() async { await client.shutDown() }

    /// Makes a limit.
    func create(_ limit: LimitName, slots: Int) async throws {
        _ = try await call(.post, APIPath.limits, LimitRequest(name: limit, slots: slots), LimitDocument.self)
    }

    /// How many wait in line for a limit.
    func waiting(for limit: LimitName) async throws -> Int {
        try await send(.get, APIPath.limit(limit), nil, LimitDocument.self).waitingHolders ?? 0
    }

    /// Waits for a slot.
    func acquire(_ limit: LimitName, for holder: String) async throws {
        let answer = try await call(
            .post, APIPath.acquireSlots,
            AcquireSlotsRequest(
                holder: holder, limits: [limit], waitSeconds: BenchPolicy.slotWait / .seconds(1)),
            AcquireSlotsAnswer.self)
        guard answer.acquired else { throw Problem(.internalError, "no slot came free for \(holder)") }
    }

    /// Gives the slot back.
    func release(_ holder: String) async throws {
        let answer = try await call(
            .post, APIPath.releaseSlots, ReleaseSlotsRequest(holder: holder), ReleaseSlotsAnswer.self)
        guard answer.released else { throw Problem(.internalError, "\(holder) did not hold what it had got") }
    }

    private func call<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: some Encodable, _ type: Answer.Type
    ) async throws -> Answer {
        try await send(method, path, JSON.encode(body), type)
    }

    private func send<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, _ type: Answer.Type
    ) async throws -> Answer {
        var request = HTTPRequest(
            method, "http://localhost" + path, unixSocketPath: socket, body: body,
            timeout: BenchPolicy.slotWait * 2)
        if body != nil { request.headers = [(name: "Content-Type", value: "application/json")] }
        let response = try await client.send(request)
        guard response.status == 200 else {
            let words = String(decoding: response.body.prefix(200), as: UTF8.self)
            throw Problem(.unavailable, "the service answered \(response.status): \(words)")
        }
        return try JSON.decode(type, from: response.body)
    }
}
