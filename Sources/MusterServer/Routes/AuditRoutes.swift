import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Who ordered what.
struct AuditRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] { [Route("listAudit", "GET", "/api/muster/v1/audit", .localOperator, list)] }

    private func list(_ call: Call) async throws -> ServerResponse {
        var query = QueryReader(call.request)
        let filter = AuditFilter(
            since: try query.moment("since"), actor: try query.text("actor"),
            subject: try query.text("subject"))
        let limit = try query.limit()
        let before = try query.token(AuditMark.init(token:))
        try query.finish()
        let page = try await engine.store.read {
            try await $0.audit(filter, before: before, limit: limit)
        }
        return .document(
            AuditAnswer(
                elements: page.elements.map {
                    AuditDocument(
                        at: $0.at, actor: $0.actor, action: $0.action, subject: $0.subject, detail: $0.detail)
                }, continuationToken: page.next?.token))
    }
}

extension AuditMark {
    /// The place as a page's mark.
    fileprivate var token: String { "\(at.milliseconds)-\(sequence)" }

    /// Reads a page's mark.
    fileprivate init?(token: String) {
        let numbers = token.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == 2, let at = numbers[0], let sequence = numbers[1] else { return nil }
        self.init(at: Timestamp(milliseconds: at), sequence: sequence)
    }
}
