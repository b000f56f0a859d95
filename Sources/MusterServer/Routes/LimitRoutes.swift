import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// Concurrency limits as operators see and change them.
struct LimitRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("listLimits", "GET", "/api/muster/v1/limits", .localOperator, list),
            Route("createLimit", "POST", "/api/muster/v1/limits", .localOperator, create),
            Route("limit", "GET", "/api/muster/v1/limits/{limit}", .localOperator, show),
            Route("setLimit", "PATCH", "/api/muster/v1/limits/{limit}", .localOperator, set),
            Route("deleteLimit", "DELETE", "/api/muster/v1/limits/{limit}", .localOperator, delete),
            Route("limitHolders", "GET", "/api/muster/v1/limits/{limit}/holders", .localOperator, holders),
        ]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        var query = QueryReader(call.request)
        let limit = try query.limit()
        let after = try query.token { LimitName.accepts($0) ? LimitName(rawValue: $0) : nil }
        try query.finish()
        let now = engine.now
        let (page, usages) = try await engine.store.read { transaction in
            let page = try await transaction.limits(after: after, limit: limit)
            return (page, try await transaction.usages(of: page.elements.map(\.id), at: now))
        }
        return .document(
            LimitsAnswer(
                elements: page.elements.map {
                    LimitDocument($0, held: usages[$0.id]?.held ?? 0, at: now)
                }, continuationToken: page.next?.rawValue))
    }

    private func create(_ call: Call) async throws -> ServerResponse {
        let reader = DocumentReader(try JSON.document(call.request.body))
        let settings = LimitSettings(reader)
        if !reader.has("name") { reader.refuse("name", "is missing") }
        if !reader.has("slots") { reader.refuse("slots", "is missing") }
        try reader.finish()
        guard let name = settings.name else {
            throw Problem(.inputInvalid, "is missing", field: "name")
        }
        let limit = try await engine.control.createLimit(name, settings, by: call.actor)
        return try await show(limit.name)
    }

    private func show(_ call: Call) async throws -> ServerResponse {
        try await show(try call.identifier("limit", LimitName.self))
    }

    private func show(_ name: LimitName) async throws -> ServerResponse {
        let now = engine.now
        return .document(
            try await engine.store.read { transaction -> LimitDocument in
                guard let limit = try await transaction.limit(named: name) else {
                    throw try await transaction.missing(name, field: "limit")
                }
                let usage = try await transaction.usages(of: [limit.id], at: now)[limit.id]
                var document = LimitDocument(limit, held: usage?.held ?? 0, at: now)
                document.waitingTasks = try await transaction.waitingTasks(for: limit.id).values.reduce(0, +)
                document.waitingHolders = try await transaction.limitWaiters(at: now).count {
                    $0.task == nil && $0.limits.contains(limit.id)
                }
                document.workerPools = try await transaction.pools(withLimit: limit.id)
                return document
            })
    }

    private func set(_ call: Call) async throws -> ServerResponse {
        let name = try call.identifier("limit", LimitName.self)
        let reader = DocumentReader(try JSON.document(call.request.body))
        let settings = LimitSettings(reader)
        try reader.finish()
        return try await show(try await engine.control.setLimit(name, settings, by: call.actor).name)
    }

    private func delete(_ call: Call) async throws -> ServerResponse {
        let name = try call.identifier("limit", LimitName.self)
        try call.requireNoBody()
        let limit = try await engine.control.deleteLimit(name, by: call.actor)
        return .document(LimitDocument(limit, held: 0, at: engine.now))
    }

    private func holders(_ call: Call) async throws -> ServerResponse {
        let name = try call.identifier("limit", LimitName.self)
        var query = QueryReader(call.request)
        let limit = try query.limit()
        let after = try query.token { $0 } ?? ""
        try query.finish()
        let now = engine.now
        let page = try await engine.store.read { transaction in
            guard let found = try await transaction.limit(named: name) else {
                throw try await transaction.missing(name, field: "limit")
            }
            return try await transaction.holders(of: found.id, after: after, limit: limit, at: now)
        }
        return .document(
            LimitHoldersAnswer(
                elements: page.elements.map {
                    LimitHolderDocument(
                        holder: $0.holder, slots: $0.slots, acquired: $0.acquiredAt, expires: $0.expiresAt)
                }, continuationToken: page.next))
    }
}
