import MusterAPI
public import MusterCore
public import MusterEngine
public import MusterRuntime
import MusterStore

/// Finds the route of a request, checks who calls, and turns whatever is thrown into an answer.
public struct Router: RequestHandler {
    private let engine: Engine
    let routes: [Route]
    private let log: Log

    /// Serves an engine.
    public init(_ engine: Engine, log: Log) {
        self.engine = engine
        self.log = log
        routes = Self.routes(of: engine)
    }

    /// All routes that there are.
    static func routes(of engine: Engine) -> [Route] {
        WorkerRoutes(engine).routes + TaskRoutes(engine).routes + CancelRoutes(engine).routes
            + PoolRoutes(engine).routes
            + PlanRoutes(engine).routes + LaunchConfigRoutes(engine).routes
            + FleetWorkerRoutes(engine).routes + StaticWorkerRoutes(engine).routes
            + ProviderRoutes(engine).routes + LaunchRoutes(engine).routes + EventRoutes(engine).routes
            + LimitRoutes(engine).routes + SlotRoutes(engine).routes + AuditRoutes(engine).routes
            + FleetRoutes(engine).routes + UpkeepRoutes(engine).routes + ReplicaRoutes(engine).routes
    }

    public func respond(to request: ServerRequest) async -> ServerResponse {
        await Log.within("request", request.id) { await answer(to: request) }
    }

    private func answer(to request: ServerRequest) async -> ServerResponse {
        do {
            return try await route(request)
        } catch let refusal as MethodRefusal {
            return answer(Problems(refusal.problem), to: request).adding("Allow", refusal.allowed)
        } catch let problems as Problems {
            return answer(problems, to: request)
        } catch let problem as Problem {
            return answer(Problems(problem), to: request)
        } catch is CancellationError {
            return answer(Problems(Problem(.cancelled, "the call was given up")), to: request)
        } catch {
            log.error(
                "a call failed", ["target": request.rawTarget, "error": "\(error)"])
            let problem = Problem(
                .internalError, "the call failed; the service's log says why, under \(request.id)")
            return answer(Problems(problem), to: request)
        }
    }

    private func route(_ request: ServerRequest) async throws -> ServerResponse {
        let fitting = routes.compactMap { route in route.match(request.path).map { (route, $0) } }
        guard !fitting.isEmpty else {
            throw Problem(.routeNotFound, "there is nothing at \(request.rawTarget)")
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let (route, parameters) = fitting.first(where: { $0.0.method == method }) else {
            throw MethodRefusal(method: request.method, possible: fitting.map(\.0.method))
        }
        let worker = try await worker(for: route, request)
        log.debug("call", ["route": route.name])
        return try await route.respond(Call(request: request, parameters: parameters, worker: worker))
    }

    /// Checks who calls; the worker, where the route is for workers.
    private func worker(for route: Route, _ request: ServerRequest) async throws -> WorkerKey? {
        switch route.access {
        case .anyone: return nil
        case .localOperator:
            guard case .unixSocket = request.peer else {
                throw Problem(.notPermitted, "this call is answered on the service's unix socket only")
            }
            return nil
        case .worker:
            guard let header = request.header("Authorization"), header.hasPrefix("Bearer ") else {
                throw Problem(
                    .notAuthenticated, "the call needs a worker's credentials: Authorization: Bearer ...")
            }
            let grant = try await engine.registrar.grant(of: String(header.dropFirst("Bearer ".count)))
            guard let worker = grant?.worker else {
                throw Problem(.notAuthenticated, "the credentials are not valid, or have ended")
            }
            return worker
        }
    }

    private func answer(_ problems: Problems, to request: ServerRequest) -> ServerResponse {
        let status = problems.all[0].code.status
        if status >= 500, problems.all[0].code != .shuttingDown {
            log.warning(
                "a call was refused", ["problem": problems.all[0].description])
        }
        let response = Self.response(problems, requestID: request.id)
        return response.status == 401 ? response.adding("WWW-Authenticate", "Bearer") : response
    }

    /// The answer that tells of problems; also for those that the transport finds.
    public static func response(_ problems: Problems, requestID: String) -> ServerResponse {
        .document(APIError(problems, requestId: requestID), status: problems.all[0].code.status)
    }
}

/// A method that is not possible at a path where others are.
private struct MethodRefusal: Error {
    let method: String
    /// The methods that are, as the header `Allow` lists them.
    let allowed: String

    init(method: String, possible: [String]) {
        self.method = method
        allowed = (possible.contains("GET") ? possible + ["HEAD"] : possible).joined(separator: ", ")
    }

    var problem: Problem {
        Problem(.methodNotAllowed, "\(method) is not possible here; \(allowed) is")
    }
}

extension ServerResponse {
    /// An answer that is a value as JSON.
    static func document(_ value: some Encodable, status: Int = 200) -> ServerResponse {
        ServerResponse(status: status, type: "application/json", body: JSON.encode(value))
    }
}

extension ProblemCode {
    /// The status of an answer that tells of it.
    var status: Int {
        switch self {
        case .inputMalformed, .inputInvalid, .fieldUnknown, .usage, .providerUnknown, .registrationRefused:
            400
        case .notAuthenticated: 401
        case .notPermitted: 403
        case .routeNotFound, .poolNotFound, .launchConfigNotFound, .workerNotFound, .launchNotFound,
            .taskNotFound, .limitNotFound:
            404
        case .methodNotAllowed: 405
        case .conflict, .claimLost, .leaseLost, .slotLost, .limitReached: 409
        case .inputTooLarge: 413
        case .providerDisabled, .fileFailed, .storeHeld, .storeFull, .storeFailed, .shuttingDown,
            .unavailable, .callHeld:
            503
        case .storeNewer, .internalError, .networkRefused, .networkFailed, .networkTimeout,
            .answerTooLarge, .answerUnexpected:
            500
        case .cancelled: 499
        }
    }
}
