import MusterCore
import MusterRuntime
import MusterStore

/// A lease that this process keeps renewed as long as it is used.
final class HeldLease: Sendable {
    private let name: String
    private let scope: WriteScope
    private let context: EngineContext
    private let held = Locked<Lease?>(nil)

    /// The lease under which a pool is worked on; it changes hands between the writes that it covers.
    convenience init(ofPool pool: PoolID, in context: EngineContext) {
        self.init(Lease.name(ofPool: pool), in: .pool(pool), context)
    }

    private init(_ name: String, in scope: WriteScope, _ context: EngineContext) {
        self.name = name
        self.scope = scope
        self.context = context
    }

    /// Who has it, expired or not; nil when nobody ever had.
    func holder() async throws -> String? {
        let name = name
        return try await context.store.read { try await $0.lease(name)?.holder }
    }

    /// Gives it back before its time, so that nobody need wait for its end.
    func release() async throws {
        let lease = held.withLock { held in
            defer { held = nil }
            return held
        }
        guard let lease else { return }
        try await context.write(in: scope, reaching: .leaseReleased) { try await $0.release(lease) }
    }

    /// The lease with at least half of its time left; nil when another process has it.
    func current() async throws -> Lease? {
        let time = context.policy.leaseTime
        // One with more time left than any is given is of a clock that was set back since.
        if let lease = held.withLock({ $0 }), case let left = lease.expiresAt - context.clock.now(),
            left > time / 2, left <= time
        {
            return lease
        }
        let name = name
        let lease = try await context.write(in: scope, reaching: .leaseTaken) { transaction in
            try await transaction.acquireLease(
                name, holder: self.context.holder, for: time)
        }
        held.withLock { $0 = lease }
        return lease
    }
}
