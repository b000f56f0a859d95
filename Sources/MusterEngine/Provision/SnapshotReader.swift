public import MusterCore
import MusterRuntime
import MusterStore

/// Reads what a decision is made from: one moment of the store, O(launch configs) of rows.
struct SnapshotReader {
    private let context: EngineContext

    /// A snapshot with what is needed to carry its plan out.
    struct PoolAndSnapshot: Sendable {
        let pool: Pool
        let configs: [LaunchConfig]
        let snapshot: PoolSnapshot
        /// When the next worker has been idle for as long as the pool keeps idle ones.
        let nextIdle: Timestamp?
        /// Whether there is a pause that has come to its end.
        let hasEndedPause: Bool
    }

    private let callsAgainAt: Timestamp?

    /// - Parameter callsAgainAt: until when the pool's provider wants no calls for it.
    init(_ context: EngineContext, callsAgainAt: Timestamp?) {
        self.context = context
        self.callsAgainAt = callsAgainAt
    }

    /// The snapshot of a pool; nil when there is no such pool any more.
    func snapshot(of id: PoolID) async throws -> PoolAndSnapshot? {
        let now = context.clock.now()
        return try await context.store.read { transaction in
            guard let pool = try await transaction.pool(id) else { return nil }
            let configs = try await transaction.launchConfigs(of: id)
            let capacity = try await transaction.capacity(of: id)
            // A worker may hold more than it was launched for; what is beyond that asks for no other.
            let claimed = capacity.values.map { min($0[.running].claimed, $0[.running].capacity) }.reduce(
                0, +)
            let demand = Demand.known(
                pending: try await transaction.pendingTasks(of: id), claimed: claimed, observedAt: now)
            let idleTimeout = pool.definition.lifecycle.idleTimeout
            let cutoff = now - idleTimeout
            let idle = try await transaction.idleWorkers(
                of: id, since: cutoff, limit: DecisionPolicy.retirementsPerPass)
            let nextIdle = try await transaction.nextIdleWorker(of: id, after: cutoff).map {
                $0 + idleTimeout
            }
            let hold = try await self.hold(on: pool, in: transaction, at: now)
            return PoolAndSnapshot(
                pool: pool, configs: configs,
                snapshot: PoolSnapshot(
                    poolID: id, scale: pool.definition.scale, hold: hold, demand: demand,
                    launchConfigs: configs.map {
                        LaunchConfigSnapshot($0, capacity[$0.id] ?? CapacityTable())
                    },
                    idle: idle), nextIdle: nextIdle, hasEndedPause: pool.pause?.holds(at: now) == false)
        }
    }

    private func hold(
        on pool: Pool, in transaction: any ReadTransaction, at now: Timestamp
    ) async throws -> PoolSnapshot.Hold? {
        if pool.isDeleted { return .deleted }
        if try await transaction.setting(SettingName.frozen) != nil { return .frozen }
        if let pause = pool.pause, pause.holds(at: now) { return .paused(until: pause.until) }
        if context.providers[pool.definition.providerID] == nil {
            return .noProvider(pool.definition.providerID)
        }
        if let callsAgainAt, callsAgainAt > now { return .backingOff(until: callsAgainAt) }
        return nil
    }
}

extension LaunchConfigSnapshot {
    /// Makes the snapshot of a launch config with what is there of it.
    public init(_ config: LaunchConfig, _ capacity: CapacityTable) {
        self.init(
            id: config.id, settings: config.definition.settings, pause: config.pause,
            isSuspended: config.suspension != nil, isArchived: config.archivedAt != nil, capacity: capacity,
            health: config.health)
    }
}
