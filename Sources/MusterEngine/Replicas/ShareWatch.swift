import MusterCore
import MusterRuntime
import MusterStore

/// Keeps this process announced, and its passes to its share of the pools.
struct ShareWatch {
    private let context: EngineContext
    private let passes: PassLoops

    init(_ context: EngineContext, _ passes: PassLoops) {
        self.context = context
        self.passes = passes
    }

    /// How often this process renews its row: two of three may fail before it counts as gone.
    static func interval(_ policy: EnginePolicy) -> Duration {
        min(policy.leaseTime / 3, policy.passInterval)
    }

    /// Renews this process's row if a third of its time is over, and looks who else is there.
    ///
    /// - Returns: when another counts as gone unless it renews its own.
    func run() async throws -> Timestamp? {
        let own = try await context.presence.replica(lasting: context.policy.leaseTime * 2 / 3)
        let (replicas, pools) = try await context.store.read { transaction in
            (try await transaction.replicas(), try await transaction.providersOfPools())
        }
        let now = context.clock.now()
        let others = replicas.filter { $0.id != own.id }
        let shares = PoolShares(among: others + [own], at: now)
        passes.work(on: shares.pools(of: own.name, in: pools), of: Set(pools.keys))
        return others.filter { $0.isLiving(at: now) }.map(\.expiresAt).min()
    }
}
