import FoundationEssentials
import MusterAPI
import MusterCore
import MusterRuntime

/// The API as the commands use it: through the service's socket while one runs, on the database when none does.
struct ServiceClient {
    private let caller: any ServiceCaller

    init(_ caller: any ServiceCaller) { self.caller = caller }

    /// Whether a service runs that does what is ordered.
    var isServed: Bool { caller.isServed }

    /// Finds who answers: a service that runs, or the database.
    ///
    /// One that has just been started is waited for: it has the database before it has the socket.
    static func connect(_ setup: Setup, ifAbsent absence: Absence = .refuse) async throws -> ServiceClient {
        let configuration = setup.configuration
        let socket = try SocketCaller(socket: configuration.socket)
        let clock = SystemClock()
        let deadline = clock.uptime() + ClientPolicy.startPatience
        while true {
            do {
                try await socket.probe()
                return ServiceClient(socket)
            } catch let problem as Problem where problem.code == .networkRefused {
                do {
                    let direct = try await open(setup, ifAbsent: absence)
                    await socket.close()
                    return direct
                } catch let held as Problem where clock.uptime() < deadline && held.code == .storeHeld {
                    try await clock.sleep(for: ClientPolicy.startInterval)
                } catch {
                    await socket.close()
                    throw error
                }
            } catch {
                await socket.close()
                throw error
            }
        }
    }

    /// What happens when there is no database yet.
    enum Absence {
        /// An error: it is more likely that the wrong folder was named.
        case refuse
        /// It is made.
        case create
        /// One is made for the call alone, where it is about the configuration and not about what is stored.
        case borrow
    }

    private static func open(_ setup: Setup, ifAbsent absence: Absence) async throws -> ServiceClient {
        let configuration = setup.configuration
        let isThere =
            configuration.database.isShared
            || FileManager.default.fileExists(atPath: configuration.databaseFile)
        if !isThere, absence == .borrow { return ServiceClient(try await BorrowedCaller(setup)) }
        guard isThere || absence == .create else {
            throw Problem(
                .unavailable,
                "no service runs, and there is no database in \(configuration.state): start muster serve, or "
                    + "name the right muster.yaml with --config")
        }
        let parts = try await ServiceParts.open(
            configuration, purpose: .command, program: try .own(), environment: setup.environment,
            log: .silent, waiting: .zero)
        return ServiceClient(DirectCaller(parts))
    }

    /// Runs `body` with a client, and lets go of it whatever happens.
    static func with<Result>(
        _ setup: Setup, ifAbsent absence: Absence = .refuse,
        _ body: (ServiceClient) async throws -> Result
    ) async throws -> Result {
        let client = try await connect(setup, ifAbsent: absence)
        do {
            let result = try await body(client)
            await client.caller.close()
            return result
        } catch {
            await client.caller.close()
            throw error
        }
    }

    /// Asks for something.
    func get<Answer: Decodable>(
        _ path: String, _ type: Answer.Type, within timeout: Duration = ClientPolicy.timeout
    ) async throws -> Answer {
        try decode(type, try await send("GET", path, body: nil, timeout))
    }

    /// Sends something.
    func post<Answer: Decodable>(
        _ path: String, _ body: some Encodable, _ type: Answer.Type,
        within timeout: Duration = ClientPolicy.timeout
    ) async throws -> Answer {
        try decode(type, try await send("POST", path, body: JSON.encode(body), timeout))
    }

    /// Changes something.
    func patch<Answer: Decodable>(
        _ path: String, _ body: some Encodable, _ type: Answer.Type
    ) async throws -> Answer {
        try decode(type, try await send("PATCH", path, body: JSON.encode(body), ClientPolicy.timeout))
    }

    /// Puts something where it belongs.
    func put<Answer: Decodable>(
        _ path: String, _ body: some Encodable, _ type: Answer.Type
    ) async throws -> Answer {
        try decode(type, try await send("PUT", path, body: JSON.encode(body), ClientPolicy.timeout))
    }

    /// Deletes something.
    func delete<Answer: Decodable>(_ path: String, _ type: Answer.Type) async throws -> Answer {
        try decode(type, try await send("DELETE", path, body: nil, ClientPolicy.timeout))
    }

    private func send(
        _ method: String, _ path: String, body: [UInt8]?, _ timeout: Duration
    ) async throws -> [UInt8] {
        let answer = try await caller.call(method, path, body: body, timeout: timeout)
        if (200..<300).contains(answer.status) { return answer.body }
        guard let error = try? JSON.decode(APIError.self, from: answer.body) else {
            throw Problem(.answerUnexpected, "the service answered \(answer.status) to \(method) \(path)")
        }
        // Lines of a body that the command itself wrote say nothing to whoever called it.
        let problems = error.asProblems.all.map { Problem($0.code, $0.message, field: $0.field) }
        throw Problems(problems) ?? error.asProblems
    }

    private func decode<Answer: Decodable>(_ type: Answer.Type, _ body: [UInt8]) throws -> Answer {
        do {
            return try JSON.decode(type, from: body)
        } catch {
            throw Problem(
                .answerUnexpected, "the service's answer cannot be read: \(error.message)", field: error.field
            )
        }
    }
}
