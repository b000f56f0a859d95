import MusterCore
import MusterRuntime
import MusterStore

/// The leases of pools, shared by everything in this process that works on a pool.
final class PoolLeases: Sendable {
    private let context: EngineContext
    private let leases = Locked<[PoolID: HeldLease]>([:])

    init(_ context: EngineContext) { self.context = context }

    /// Gives all back: whoever comes next need not wait for their end.
    func release() async throws {
        for lease in leases.withLock({ Array($0.values) }) { try await lease.release() }
    }

    /// The lease of a pool.
    func lease(of pool: PoolID) -> HeldLease {
        leases.withLock { leases in
            if let lease = leases[pool] { return lease }
            let lease = HeldLease(ofPool: pool, in: context)
            leases[pool] = lease
            return lease
        }
    }
}
