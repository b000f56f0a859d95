import MusterCore
import MusterRuntime

/// The leases of pools, shared by everything in this process that works on a pool.
final class PoolLeases: Sendable {
    private let context: EngineContext
    private let leases = Locked<[PoolID: HeldLease]>([:])

    init(_ context: EngineContext) { self.context = context }

    /// The lease of a pool.
    func lease(of pool: PoolID) -> HeldLease {
        leases.withLock { leases in
            if let lease = leases[pool] { return lease }
            let lease = HeldLease("pool:\(pool)", in: context)
            leases[pool] = lease
            return lease
        }
    }
}
