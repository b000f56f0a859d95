import MusterCore
import MusterRuntime
import MusterStore

/// A lease that this process keeps renewed as long as it is used.
final class HeldLease: Sendable {
    private let name: String
    private let context: EngineContext
    private let held = Locked<Lease?>(nil)

    init(_ name: String, in context: EngineContext) {
        self.name = name
        self.context = context
    }

    /// The lease with at least half of its time left; nil when another process has it.
    func current() async throws -> Lease? {
        if let lease = held.withLock({ $0 }),
            lease.expiresAt - context.clock.now() > context.policy.leaseTime / 2
        {
            return lease
        }
        let name = name
        let lease = try await context.write(reaching: .leaseTaken) { transaction in
            try await transaction.acquireLease(
                name, holder: self.context.holder, for: self.context.policy.leaseTime)
        }
        held.withLock { $0 = lease }
        return lease
    }
}
