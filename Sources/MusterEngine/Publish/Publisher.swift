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
    /// What has been delivered since this process began: when the cursor cannot be written, as on a full disk,
    /// the same events must not be delivered again and again.
    private let delivered = Locked<Int64>(0)

    init(_ sink: any EventSink, fleet: String, in context: EngineContext) {
        self.sink = sink
        self.fleet = fleet
        self.context = context
    }

    /// Delivers everything that is there; how many events it was.
    @discardableResult
    func run() async throws -> Int {
        let name = sink.name
        var count = 0
        let limit = context.policy.eventsPerDelivery
        while !Task.isCancelled {
            let delivered = delivered.withLock { $0 }
            let entries = try await context.store.readOutbox { transaction in
                try await transaction.events(after: try await transaction.cursor(of: name), limit: limit)
            }
            guard let last = entries.last else { break }
            let new = entries.filter { $0.position > delivered }
            if !new.isEmpty {
                try await sink.deliver(
                    new.map { CloudEvent(position: $0.position, fleet: fleet, event: $0.event) })
                self.delivered.withLock { $0 = last.position }
                FaultPoint.reach(.eventsDelivered)
            }
            let now = context.clock.now()
            try await context.write(in: .named("sink:\(name)"), reaching: .cursorMoved) { transaction in
                try await transaction.moveCursor(of: name, to: last.position, at: now)
            }
            count += entries.count
            if entries.count < limit { break }
        }
        return count
    }
}
