import MusterCore
import MusterEvents
import MusterRuntime
import MusterStore

/// Delivers the outbox to one sink, in the order of commits, from where it last came to.
///
/// At least once: the cursor moves after the delivery, so that a crash in between delivers again.
final class Publisher: Sendable {
    let sink: any EventSink
    private let context: EngineContext
    private let fleet: String

    init(_ sink: any EventSink, fleet: String, in context: EngineContext) {
        self.sink = sink
        self.fleet = fleet
        self.context = context
    }

    /// Delivers everything that is there.
    func run() async throws {
        let name = sink.name
        let limit = context.policy.eventsPerDelivery
        while !Task.isCancelled {
            let entries = try await context.store.read { transaction in
                try await transaction.events(after: try await transaction.cursor(of: name), limit: limit)
            }
            guard let last = entries.last else { return }
            try await sink.deliver(
                entries.map { CloudEvent(position: $0.position, fleet: fleet, event: $0.event) })
            FaultPoint.reach(.eventsDelivered)
            let now = context.clock.now()
            try await context.write(reaching: .cursorMoved) { transaction in
                try await transaction.moveCursor(of: name, to: last.position, at: now)
            }
            if entries.count < limit { return }
        }
    }
}
