import MusterCore
import MusterRuntime
import MusterStore

/// The leases of pools, shared by everything in this process that works on a pool.
final class PoolLeases: Sendable {
    private let context: EngineContext
    private let state = Locked(State())

    private struct State {
        var leases: [PoolID: HeldLease] = [:]
        /// The announcement under which they were last taken.
        var replica: String?
    }

    init(_ context: EngineContext) { self.context = context }

    /// The lease of a pool; from now on this process means to have it.
    func lease(of pool: PoolID) -> HeldLease {
        state.withLock { state in
            if let lease = state.leases[pool] { return lease }
            let lease = HeldLease(ofPool: pool, in: context)
            state.leases[pool] = lease
            return lease
        }
    }

    /// The id under which this process holds pools, for those that look after what is due in all of them.
    ///
    /// After an absence the pools are taken again that nobody else has taken meanwhile.
    func holder() async throws -> String {
        let replica = try await context.presence.replica(lasting: context.policy.leaseTime / 2)
        let (known, leases) = state.withLock { state in
            defer { state.replica = replica.id }
            return (state.replica, Array(state.leases.values))
        }
        if known != replica.id {
            for lease in leases { _ = try await lease.stand() }
        }
        return replica.id
    }

    /// Takes those of the pools that nobody has; some beside each other, so that they share commits.
    func hold(_ pools: [PoolID]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = pools[...]
            for _ in 0..<EnginePolicy.poolsAtOnce {
                guard let pool = waiting.popFirst() else { break }
                group.addTask { _ = try await self.lease(of: pool).stand() }
            }
            while try await group.next() != nil {
                guard let pool = waiting.popFirst() else { continue }
                group.addTask { _ = try await self.lease(of: pool).stand() }
            }
        }
    }

    /// Writes what is due in pools; the body gets those of them that `holder`, which is what `holder()` said,
    /// still holds, and holds until the transaction is over.
    ///
    /// - Throws: `Problem` `lease-lost` when it holds nothing any more.
    func judge<Result: Sendable>(
        _ pools: Set<PoolID>, as holder: String, reaching point: (Result) -> FaultPoint?,
        _ body: @escaping @Sendable (any WriteTransaction, Set<PoolID>) async throws -> Result
    ) async throws -> Result {
        let context = context
        do {
            return try await context.write(in: .pools(pools), reaching: point) { transaction in
                let now = try await transaction.now()
                try context.requireAgreement(with: now)
                return try await body(
                    transaction, try await transaction.pools(pools, heldBy: holder, at: now))
            }
        } catch let problem as Problem where problem.code == .leaseLost {
            context.presence.doubt()
            context.log.warning(
                "all leases were lost: nothing was written under them", ["error": problem.message])
            throw problem
        }
    }

    /// Gives a pool back: whoever has it next need not wait for its end.
    func release(_ pool: PoolID) async throws {
        guard let lease = state.withLock({ $0.leases[pool] }) else { return }
        try await lease.release()
        state.withLock { $0.leases[pool] = nil }
    }

    /// Gives all back.
    func release() async throws {
        for pool in state.withLock({ Array($0.leases.keys) }).sorted() { try await release(pool) }
    }
}
