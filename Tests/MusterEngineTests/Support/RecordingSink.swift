import MusterCore
import MusterEvents
import MusterRuntime

/// A sink that remembers what it got, and fails or hangs when a test says so.
final class RecordingSink: EventSink {
    private struct State {
        var deliveries: [[CloudEvent]] = []
        var attempts = 0
        var failure: Problem?
        var hangs = false
        var isClosed = false
        var watchers: [(test: @Sendable (State) -> Bool, wake: CheckedContinuation<Void, Never>)] = []

        var events: [Event] { deliveries.flatMap { $0.map(\.event) } }
    }

    let name: String
    private let state = Locked(State())

    init(_ name: String = "recording") { self.name = name }

    /// What was delivered, delivery by delivery.
    var deliveries: [[CloudEvent]] { state.withLock { $0.deliveries } }

    /// The ids of all that was delivered, in order.
    var ids: [String] { deliveries.flatMap { $0.map(\.id) } }

    /// The events that were delivered, in order.
    var events: [Event] { state.withLock { $0.events } }

    /// How often a delivery was tried.
    var attempts: Int { state.withLock { $0.attempts } }

    /// Whether it was told to let go.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Lets deliveries fail from now on; nil lets them succeed again.
    func fail(_ failure: Problem?) { state.withLock { $0.failure = failure } }

    /// Lets deliveries last until their task is cancelled.
    func hang() { state.withLock { $0.hangs = true } }

    /// Waits until so many events were delivered.
    func delivered(_ count: Int) async { await until { $0.events.count >= count } }

    /// Waits until an event of this type was delivered; the first of them.
    func first(_ type: EventType) async -> Event? {
        await until { $0.events.contains { $0.type == type } }
        return events.first { $0.type == type }
    }

    /// Waits until so many deliveries were tried.
    func attempted(_ count: Int) async { await until { $0.attempts >= count } }

    func deliver(_ events: [CloudEvent]) async throws(Problem) {
        let (failure, hangs) = change { state in
            state.attempts += 1
            if state.failure == nil, !state.hangs { state.deliveries.append(events) }
            return (state.failure, state.hangs)
        }
        if let failure { throw failure }
        guard hangs else { return }
        let (never, _) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        throw Problem(.cancelled, "the delivery was given up")
    }

    func close() async { change { $0.isClosed = true } }

    /// Waits until it was told to let go.
    func closed() async { await until { $0.isClosed } }

    private func change<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, heard) = state.withLock { state in
            let result = change(&state)
            let now = state
            state.watchers.removeAll { $0.test(now) }
            return (result, now.watchers.filter { $0.test(now) }.map(\.wake))
        }
        for watcher in heard { watcher.resume() }
        return result
    }

    private func until(_ test: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if test(state) { return true }
                state.watchers.append((test, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
