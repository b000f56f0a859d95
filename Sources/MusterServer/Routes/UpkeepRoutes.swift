import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime

/// What keeps a Muster in health.
struct UpkeepRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("doctor", "GET", "/api/muster/v1/doctor", .localOperator, examine),
            Route("recount", "POST", "/api/muster/v1/recount", .localOperator, recount),
            Route("backup", "POST", "/api/muster/v1/backup", .localOperator, backUp),
        ]
    }

    private func examine(_ call: Call) async throws -> ServerResponse {
        call.request.watchForHangUp()
        return .document(try await engine.doctor.examine())
    }

    private func recount(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        return .document(try await engine.doctor.recount(by: call.actor))
    }

    private func backUp(_ call: Call) async throws -> ServerResponse {
        let reader = DocumentReader(try JSON.document(call.request.body))
        let path = reader.string("path", limit: 4_095)
        let replacing = reader.boolean("replacing") ?? false
        // The service's own working folder is nothing that whoever calls knows of.
        if path?.hasPrefix("/") != true || path?.utf8.contains(0) == true {
            reader.refuse("path", "must be an absolute path")
        }
        try reader.finish()
        call.request.watchForHangUp()
        return .document(
            try await engine.control.backUp(to: path ?? "", replacing: replacing, by: call.actor))
    }
}
