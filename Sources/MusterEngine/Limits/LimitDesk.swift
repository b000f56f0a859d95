public import MusterCore
import MusterRuntime
public import MusterStore

/// Gives slots of limits to work that is no task, in the order of asking, and wakes whoever waits for a slot that
/// has come free.
public actor LimitDesk {
    private let context: EngineContext
    private var waiters: [Waiter] = []
    private var isClosed = false

    private struct Waiter {
        let request: SlotRequest
        let signal: WakeSignal

        /// Whether whoever is woken before it speaks for it too.
        func isLike(_ other: Waiter) -> Bool {
            request.limits == other.request.limits && request.slots == other.request.slots
        }
    }

    init(_ context: EngineContext) { self.context = context }

    /// Takes slots, waiting for them for up to `wait`; who waits in vain keeps its place for some seconds, to ask
    /// again.
    ///
    /// - Throws: `Problem` `limit-not-found`, `conflict`, `input-invalid`, `shutting-down`.
    public func acquire(
        _ names: [LimitName], holder: String, slots: Int, lease: Duration, wait: Duration
    ) async throws -> SlotReply {
        let limits = try await context.limits(named: names, field: "limits")
        let bound = max(.zero, min(wait, context.policy.longestWait))
        let waiter = Waiter(
            request: SlotRequest(
                holder: holder, limits: limits, slots: slots, lease: lease, waits: bound > .zero),
            signal: WakeSignal())
        let deadline = context.clock.uptime() + bound
        waiters.append(waiter)
        defer { waiters.removeAll { $0.signal === waiter.signal } }
        var yieldsSince: Duration?
        while true {
            guard !isClosed else {
                throw Problem(.shuttingDown, "the service is shutting down: ask again soon")
            }
            try Task.checkCancellation()
            let uptime = context.clock.uptime()
            let overtaking = yieldsSince.map { uptime - $0 >= LimitPolicy.grace } ?? false
            let reply = try await ask(waiter.request, overtaking: overtaking)
            if case .acquired = reply {
                // There may be more for those behind.
                wakeNext(after: waiter)
                return reply
            }
            yieldsSince = reply == .yielding ? yieldsSince ?? uptime : nil
            let left = deadline - context.clock.uptime()
            guard left > .zero else { return reply }
            await waiter.signal.wait(
                for: min(left, context.policy.slotRefresh), clock: context.clock)
        }
    }

    private func ask(_ request: SlotRequest, overtaking: Bool) async throws -> SlotReply {
        let now = try await context.moment()
        return try await context.write(
            in: .named("slots:\(request.holder)"),
            reaching: { reply in
                if case .acquired = reply { return .slotsTaken }
                return request.waits ? .slotsAwaited : nil
            }
        ) { try await $0.acquire(request, overtaking: overtaking, at: now) }
    }

    /// Prolongs what a holder holds; when it ends now.
    ///
    /// - Throws: `Problem` `slot-lost`.
    public func renew(_ holder: String, lease: Duration) async throws -> Timestamp {
        let now = try await context.moment()
        return try await context.write(in: .named("slots:\(holder)"), reaching: .slotsRenewed) {
            try await $0.renewSlots(of: holder, lease: lease, at: now)
        }
    }

    /// Gives back what a holder holds; of how many limits it held slots. A repeat changes nothing.
    public func release(_ holder: String) async throws -> Int {
        let now = try await context.moment()
        return try await context.write(in: .named("slots:\(holder)"), reaching: .slotsReleased) {
            try await $0.releaseSlots(of: holder, at: now)
        }
    }

    /// Slots of these limits may have come free.
    func wake(_ limits: Set<LimitID>) {
        var woken: [Waiter] = []
        for waiter in waiters where !limits.isDisjoint(with: waiter.request.limits) {
            // Those behind one that cannot have the same either.
            guard !woken.contains(where: { $0.isLike(waiter) }) else { continue }
            woken.append(waiter)
            waiter.signal.wake()
        }
    }

    private func wakeNext(after waiter: Waiter) {
        waiters.first { $0.isLike(waiter) && $0.signal !== waiter.signal }?.signal.wake()
    }

    /// Lets everybody go.
    func close() {
        isClosed = true
        for waiter in waiters { waiter.signal.wake() }
    }
}

extension EngineContext {
    /// The limits that names stand for.
    ///
    /// - Throws: `Problem` `limit-not-found` that says which there is not.
    func limits(named names: [LimitName], field: String) async throws -> [LimitID] {
        guard !names.isEmpty else { return [] }
        return try await store.read { transaction in
            var ids: Set<LimitID> = []
            for name in names {
                guard let limit = try await transaction.limit(named: name) else {
                    throw try await transaction.missing(name, field: field)
                }
                ids.insert(limit.id)
            }
            return ids.sorted()
        }
    }
}
