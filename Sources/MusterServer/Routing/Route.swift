import MusterCore
import MusterRuntime
import MusterStore

/// One call of the API.
struct Route: Sendable {
    /// The name, for logs and metrics.
    let name: String
    /// The method.
    let method: String
    /// The path, segment by segment.
    let pattern: [Segment]
    /// Who may call it.
    let access: Access
    /// Answers it.
    let respond: @Sendable (Call) async throws -> ServerResponse

    /// A part of a path.
    enum Segment: Hashable, Sendable {
        case literal(String)
        /// One segment, whatever it is.
        case parameter(String)
        /// A worker pool's id: one segment with an encoded slash in it, or two.
        case pool(String)
    }

    /// Who may call.
    enum Access: Sendable {
        /// Whoever reaches the service.
        case anyone
        /// A worker, with the credentials it was given.
        case worker
        /// Whoever can open the unix socket: its mode keeps everybody else out.
        case localOperator
    }

    /// Makes a route; `path` has `{name}` for a segment and `{*name}` for a worker pool's id.
    init(
        _ name: String, _ method: String, _ path: String, _ access: Access,
        _ respond: @escaping @Sendable (Call) async throws -> ServerResponse
    ) {
        self.name = name
        self.method = method
        self.access = access
        self.respond = respond
        pattern = path.split(separator: "/").map { part in
            if part.hasPrefix("{*") { return .pool(String(part.dropFirst(2).dropLast())) }
            if part.hasPrefix("{") { return .parameter(String(part.dropFirst().dropLast())) }
            return .literal(String(part))
        }
    }

    /// The parameters of a path that fits; nil when it does not.
    func match(_ path: [String]) -> [String: String]? {
        var rest = path[...]
        var parameters: [String: String] = [:]
        for segment in pattern {
            guard let first = rest.popFirst() else { return nil }
            switch segment {
            case .literal(let text): guard text == first else { return nil }
            case .parameter(let name): parameters[name] = first
            case .pool(let name):
                if first.contains("/") {
                    parameters[name] = first
                } else {
                    guard let second = rest.popFirst() else { return nil }
                    parameters[name] = "\(first)/\(second)"
                }
            }
        }
        return rest.isEmpty ? parameters : nil
    }
}

/// A call on its way through a route.
struct Call: Sendable {
    /// What came.
    let request: ServerRequest
    /// The path's parameters.
    let parameters: [String: String]
    /// The worker that calls, where the route is for workers.
    let worker: WorkerKey?

    /// An id out of the path.
    func identifier<ID: Identifier>(_ name: String, _ type: ID.Type) throws(Problem) -> ID {
        try ID(validating: parameters[name] ?? "", field: name)
    }

    /// Makes sure that nothing was said to a route that takes no body but an empty object: whoever said it meant
    /// something else.
    func requireNoBody() throws {
        guard !request.body.isEmpty else { return }
        try DocumentReader(try JSON.document(request.body)).finish()
    }

    /// The worker that calls.
    func caller() throws(Problem) -> WorkerKey {
        guard let worker else { throw Problem(.notAuthenticated, "the call needs a worker's credentials") }
        return worker
    }

    /// Makes sure that the worker that calls is the one that the call is about.
    func requireCaller(_ key: WorkerKey) throws(Problem) {
        guard try caller() == key else {
            throw Problem(.notPermitted, "a worker's credentials reach that worker only")
        }
    }

    /// Who calls, for the audit.
    var actor: String {
        switch request.peer {
        case .unixSocket(let userID):
            userID.map { "local user \(LocalUser.name(of: $0))" } ?? "local operator"
        case .network(let address): worker?.description ?? address
        }
    }
}
