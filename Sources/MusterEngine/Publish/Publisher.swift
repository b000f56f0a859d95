import MusterCore
import MusterEvents
import MusterRuntime
import MusterStore

/// Delivers the outbox to one sink, in the order of commits, from where it last came to.
///
/// At least once: the cursor moves after the delivery, so that a crash in between delivers again. Under the
/// sink's lease, so that one process alone delivers.
final class Publisher: Sendable {
    let sink: any EventSink
    private let lease: HeldLease
    private let context: EngineContext
    private let fleet: String
    /// What has been delivered since this process began: when the cursor cannot be written, as on a full disk,
    /// the same events must not be delivered again and again.
    private let delivered = Locked<Int64>(0)

    init(_ sink: any EventSink, fleet: String, in context: EngineContext) {
        self.sink = sink
        self.fleet = fleet
        self.context = context
        lease = HeldLease(on: Self.name(of: sink), in: context)
    }

    /// The name of a sink's lease, and of the scope in which its cursor moves.
    private static func name(of sink: any EventSink) -> String { "sink:\(sink.name)" }

    /// Delivers everything that is there; how many events it was.
    ///
    /// - Throws: `HeldElsewhere` when another process delivers.
    @discardableResult
    func run() async throws -> Int {
        let name = sink.name
        var count = 0
        let limit = context.policy.eventsPerDelivery
        while !Task.isCancelled {
            // Before the cursor is read: whoever has had it in between has moved it.
            let lease = try await lease.required()
            let delivered = delivered.withLock { $0 }
            let entries = try await context.store.readOutbox { transaction in
                try await transaction.events(after: try await transaction.cursor(of: name), limit: limit)
            }
            guard let last = entries.last else { break }
            let new = entries.filter { $0.position > delivered }
            if !new.isEmpty {
                try await self.lease.assure(lease, lasting: EnginePolicy.deliveryTime)
                try await sink.deliver(
                    new.map { CloudEvent(position: $0.position, fleet: fleet, event: $0.event) })
                self.delivered.withLock { $0 = last.position }
                FaultPoint.reach(.eventsDelivered)
            }
            let now = context.clock.now()
            let scope = WriteScope.named(Self.name(of: sink))
            try await self.lease.forgettingWhatIsLost {
                try await context.write(in: scope, reaching: .cursorMoved) { transaction in
                    try await self.context.require(lease, in: transaction)
                    try await transaction.moveCursor(of: name, to: last.position, at: now)
                }
            }
            count += entries.count
            if entries.count < limit { break }
        }
        return count
    }
}
