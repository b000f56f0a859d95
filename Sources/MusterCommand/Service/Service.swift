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
            let server = try await listen(configuration, parts, log)
            let address = configuration.listen.onPort(server.port ?? configuration.listen.port)
            parts.serviceURL.withLock { $0 = "http://\(address)" }
            parts.engine.start()
            return Service(parts: parts, server: server, log: log)
        } catch {
            await parts.close()
            throw error
        }
    }

    /// Listens where the configuration says.
    ///
    /// When it leaves the port to the system, the port of the last time is taken again if it is free: workers
    /// that outlived that service go on calling it.
    private static func listen(
        _ configuration: Configuration, _ parts: ServiceParts, _ log: Log
    ) async throws -> HTTPServer {
        let router = Router(parts.engine, log: log)
        func start(_ port: UInt16) throws(Problem) -> HTTPServer {
            try HTTPServer.start(
                configuration: serverConfiguration(configuration, port: port), handler: router, log: log)
        }
        guard configuration.listen.port == 0 else { return try start(configuration.listen.port) }
        let setting = configuration.database.isShared ? "port:\(parts.context.holder)" : "port"
        let last = try await parts.store.read { try await $0.setting(setting) }.flatMap(UInt16.init) ?? 0
        let server = try (try? start(last)) ?? start(0)
        if let port = server.port, port != last {
            try await parts.store.write(in: .named("settings")) { transaction in
                try await transaction.set(setting, to: String(port))
            }
            FaultPoint.reach(.portKept)
        }
        return server
    }

    /// Where workers reach it.
    var url: String { parts.serviceURL.withLock { $0 } }

    /// Takes no new work, settles what is in flight within a bound, and lets go of everything.
    func stop() async {
        // Waiting workers are let go first: the server then has nobody left to wait for.
        async let engine: Void = parts.engine.stop(within: ServicePolicy.settleTime)
        await server.stop(grace: ServicePolicy.answerTime)
        await engine
        await parts.close()
        log.info("stopped")
    }

    private static func serverConfiguration(
        _ configuration: Configuration, port: UInt16
    ) -> HTTPServerConfiguration {
        let counter = Locked(0)
        var result = HTTPServerConfiguration(
            tcp: .init(host: configuration.listen.address, port: port),
            unixSocket: configuration.socket,
            requestID: {
                counter.withLock { counter in
                    counter += 1
                    return "r\(counter)"
                }
            })
        result.bodyLimit = { method, path in
            // Thousands of tasks, or a folder of pools, come in one body.
            [APIPath.tasks, APIPath.apply, APIPath.validateLaunchConfigs].contains(
                "/" + path.joined(separator: "/"))
                ? ServicePolicy.bulkBody : nil
        }
        result.handlerTime = { _, path in
            // What looks through the whole database takes as long as that is large.
            let upkeep = [APIPath.doctor, APIPath.recount, APIPath.backup, APIPath.validateLaunchConfigs]
            let isCheck = path.dropLast(2) == ["api", "muster", "v1", "providers"] && path.last == "check"
            return isCheck || upkeep.contains("/" + path.joined(separator: "/"))
                ? ServicePolicy.upkeepTime : nil
        }
        result.errorBody = { problem, id in Router.response(Problems(problem), requestID: id).body }
        return result
    }
}
