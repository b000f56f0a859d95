import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Slots of concurrency limits for work that is no task.
struct SlotRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("acquireSlots", "POST", "/api/muster/v1/slots/acquire", .localOperator, acquire),
            Route("renewSlots", "POST", "/api/muster/v1/slots/renew", .localOperator, renew),
            Route("releaseSlots", "POST", "/api/muster/v1/slots/release", .localOperator, release),
        ]
    }

    private func acquire(_ call: Call) async throws -> ServerResponse {
        let request = try AcquireSlotsRequest(try JSON.document(call.request.body))
        let wait = request.waitSeconds ?? 0
        if wait > 0 { call.request.watchForHangUp() }
        let reply = try await engine.limits.acquire(
            request.limits, holder: request.holder, slots: request.slots ?? 1,
            lease: lease(request.leaseSeconds), wait: .milliseconds(Int64(wait * 1_000)))
        switch reply {
        case .acquired(let end): return .document(AcquireSlotsAnswer(acquired: true, expires: end))
        case .waiting(let ahead): return .document(AcquireSlotsAnswer(acquired: false, ahead: ahead))
        case .yielding: return .document(AcquireSlotsAnswer(acquired: false, ahead: 0))
        }
    }

    private func renew(_ call: Call) async throws -> ServerResponse {
        let request = try RenewSlotsRequest(try JSON.document(call.request.body))
        let end = try await engine.limits.renew(request.holder, lease: lease(request.leaseSeconds))
        return .document(RenewSlotsAnswer(expires: end))
    }

    private func release(_ call: Call) async throws -> ServerResponse {
        let request = try ReleaseSlotsRequest(try JSON.document(call.request.body))
        return .document(
            ReleaseSlotsAnswer(released: try await engine.limits.release(request.holder) > 0))
    }

    private func lease(_ seconds: Double?) -> Duration {
        seconds.map { .milliseconds(Int64($0 * 1_000)) } ?? LimitPolicy.lease
    }
}
