import MusterAPI
import MusterCore
import MusterEngine
import MusterRuntime
import MusterStore

/// What has happened, and what happens next.
struct EventRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] { [Route("events", "GET", "/api/muster/v1/events", .localOperator, events)] }

    private func events(_ call: Call) async throws -> ServerResponse {
        let question = try EventQuestion(call.request)
        switch question.direction {
        case .back(let before): return .document(try await back(from: before, question))
        case .forward(let after, let wait):
            // Only those that wait are worth a watch.
            if wait > .zero { call.request.watchForHangUp() }
            return .document(try await forward(from: after, wait: wait, question))
        }
    }

    /// The latest events, or those before a page of later ones.
    private func back(from before: Int64?, _ question: EventQuestion) async throws -> EventsAnswer {
        let (page, newest) = try await engine.store.readOutbox { transaction in
            (
                try await transaction.events(before: before, question.filter, limit: question.limit),
                try await transaction.eventRange()?.newest ?? 0
            )
        }
        return EventsAnswer(
            events: documents(page), position: newest, hasMore: false,
            continuationToken: page.isAtEnd ? nil : String(page.position))
    }

    /// The first events after a position: those that are there, or those that come while the question waits.
    private func forward(
        from after: Int64, wait: Duration, _ question: EventQuestion
    ) async throws -> EventsAnswer {
        let deadline = engine.now + min(wait, engine.events.longestWait)
        var position = after
        var deleted: Int64 = 0
        while true {
            // Read before the outbox is: what is committed after that look has not been counted yet.
            let generation = engine.events.generation
            let from = position
            let (page, range) = try await engine.store.readOutbox { transaction in
                (
                    try await transaction.events(after: from, question.filter, limit: question.limit),
                    try await transaction.eventRange()
                )
            }
            if let range {
                guard from <= range.newest else {
                    throw Problem(
                        .inputInvalid, "is beyond the last event, \(range.newest): start from that",
                        field: "after")
                }
                deleted += max(0, range.oldest - 1 - from)
            }
            position = page.position
            try Task.checkCancellation()
            let rest = deadline - engine.now
            if !page.entries.isEmpty || rest <= .zero || (page.isAtEnd && engine.events.isClosed) {
                return EventsAnswer(
                    events: documents(page), position: position, hasMore: !page.isAtEnd,
                    deleted: deleted > 0 ? deleted : nil)
            }
            if page.isAtEnd { await engine.events.wait(after: generation, for: rest) }
        }
    }

    private func documents(_ page: EventPage) -> [EventDocument] {
        page.entries.map { EventDocument(position: $0.position, fleet: engine.fleet, event: $0.event) }
    }
}

/// The query of a question for events.
private struct EventQuestion: Sendable {
    /// Which way they are read.
    enum Direction: Sendable {
        case forward(after: Int64, wait: Duration)
        /// From a position, or from the end.
        case back(before: Int64?)
    }

    let filter: EventFilter
    let direction: Direction
    let limit: Int

    init(_ request: ServerRequest) throws(Problem) {
        var query = QueryReader(request)
        var types: Set<EventType> = []
        for word in query.texts("type") { types.formUnion(try EventType.named(word, field: "type")) }
        filter = EventFilter(
            types: types, pool: try query.identifier("workerPoolId", PoolID.self),
            subject: try query.text("subject"), since: try query.moment("since"))
        limit = try query.limit()
        let after = try query.integer("after", 0...Int64.max)
        let wait = try query.integer("wait", 0...RoutePolicy.longestWait)
        let before = try query.token { Int64($0).flatMap { $0 > 0 ? $0 : nil } }
        try query.finish()
        if let after {
            guard before == nil else {
                throw Problem(
                    .inputInvalid, "reads back, and after reads forward: give one of them",
                    field: "continuationToken")
            }
            direction = .forward(after: after, wait: .seconds(wait ?? 0))
        } else {
            guard wait == nil else {
                throw Problem(
                    .inputInvalid, "waits for what comes after something: give after", field: "wait")
            }
            direction = .back(before: before)
        }
    }
}
