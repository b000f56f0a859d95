import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterServer
import MusterStore

/// A running Muster: engine and HTTP server together.
struct Service {
    let parts: ServiceParts
    private let server: HTTPServer
    private let log: Log

    /// Opens the state, listens, and begins to work.
    static func start(
        _ configuration: Configuration, policy: EnginePolicy? = nil, program: WorkerProgramCommand,
        environment: [String: String], log: Log
    ) async throws -> Service {
        let parts = try await ServiceParts.open(
            configuration, policy: policy, program: program, environment: environment, log: log)
        do {
            let server = try HTTPServer.start(
                configuration: serverConfiguration(configuration), handler: Router(parts.engine, log: log),
                log: log)
            let port = server.port ?? 0
            parts.serviceURL.withLock { $0 = "http://\(configuration.listen.onPort(port))" }
            parts.engine.start()
            return Service(parts: parts, server: server, log: log)
        } catch {
            await parts.store.close()
            throw error
        }
    }

    /// Where workers reach it.
    var url: String { parts.serviceURL.withLock { $0 } }

    /// Takes no new work, settles what is in flight within a bound, and lets go of everything.
    func stop() async {
        // Waiting workers are let go first: the server then has nobody left to wait for.
        async let engine: Void = parts.engine.stop(within: ServicePolicy.settleTime)
        await server.stop(grace: ServicePolicy.answerTime)
        await engine
        await parts.store.close()
        log.info("stopped")
    }

    private static func serverConfiguration(_ configuration: Configuration) -> HTTPServerConfiguration {
        let counter = Locked(0)
        var result = HTTPServerConfiguration(
            tcp: .init(host: configuration.listen.address, port: configuration.listen.port),
            unixSocket: configuration.socket,
            requestID: {
                counter.withLock { counter in
                    counter += 1
                    return "r\(counter)"
                }
            })
        result.bodyLimit = { method, path in
            // Thousands of tasks, or a folder of pools, come in one body.
            path == ["api", "muster", "v1", "tasks"] || path == ["api", "muster", "v1", "apply"]
                ? ServicePolicy.bulkBody : nil
        }
        result.errorBody = { problem, id in Router.response(Problems(problem), requestID: id).body }
        return result
    }
}
