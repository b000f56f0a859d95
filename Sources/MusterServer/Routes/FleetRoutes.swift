import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// What concerns everything at once.
struct FleetRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("healthz", "GET", "/healthz", .anyone) { _ in .text("ok\n") },
            Route("readyz", "GET", "/readyz", .anyone, ready),
            Route("status", "GET", "/api/muster/v1/status", .localOperator, status),
            Route("freeze", "POST", "/api/muster/v1/freeze", .localOperator, freeze),
            Route("unfreeze", "POST", "/api/muster/v1/unfreeze", .localOperator, unfreeze),
        ]
    }

    /// Ready means that the store answers.
    private func ready(_ call: Call) async throws -> ServerResponse {
        _ = try await engine.store.read { try await $0.poolIDs() }
        return .text("ready\n")
    }

    private struct Status: Encodable {
        let now: Timestamp
        let clock: ClockWatch.Record
        let loops: [LoopStatus]
    }

    private func status(_ call: Call) async throws -> ServerResponse {
        .document(Status(now: engine.now, clock: engine.clock, loops: engine.statuses))
    }

    private func freeze(_ call: Call) async throws -> ServerResponse {
        var reason = ""
        if !call.request.body.isEmpty {
            let reader = DocumentReader(try JSON.document(call.request.body))
            reason = reader.string("reason", limit: 1_000) ?? ""
            try reader.finish()
        }
        try await engine.control.freeze(reason: reason, by: call.actor)
        return .document(["frozen": true])
    }

    private func unfreeze(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        try await engine.control.unfreeze(by: call.actor)
        return .document(["frozen": false])
    }
}
