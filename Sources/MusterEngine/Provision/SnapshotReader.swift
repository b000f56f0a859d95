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
        var snapshot: PoolSnapshot
        /// When the next worker has been idle for as long as the pool keeps idle ones.
        var nextIdle: Timestamp?
        /// Whether there is a pause that has come to its end.
        let hasEndedPause: Bool
        /// What the pool's external source said, and when it is worth reading again.
        var external: PoolDemand.Answer?

        /// The instances that a new reading of the source calls idle; nil when there is none that says it.
        var newlyIdle: Set<String>? {
            guard let external, external.isNew, case .success(let reading) = external.result else {
                return nil
            }
            return reading.idle
        }
    }

    private let demand: PoolDemand

    /// - Parameter demand: the pool's demand from outside.
    init(_ context: EngineContext, demand: PoolDemand) {
        self.context = context
        self.demand = demand
    }

    /// The snapshot of a pool; nil when there is no such pool any more.
    ///
    /// An external source is read before the rows: what it counts as claimed is on workers that have rows.
    func snapshot(of id: PoolID) async throws -> PoolAndSnapshot? {
        let rows = try await rows(of: id)
        guard let rows, let source = rows.pool.definition.source.external, !rows.pool.isDeleted else {
            return rows
        }
        let answer = await demand.answer(of: source)
        var current = answer.isNew ? try await self.rows(of: id) : rows
        current?.take(answer, of: source, at: context.clock.now())
        return current
    }

    private func rows(of id: PoolID) async throws -> PoolAndSnapshot? {
        let now = try await context.moment()
        var rows: PoolAndSnapshot? = try await context.store.read { transaction in
            guard let pool = try await transaction.pool(id) else { return nil }
            let configs = try await transaction.launchConfigs(of: id)
            let capacity = try await transaction.capacity(of: id)
            // A worker may hold more than it was launched for; what is beyond that asks for no other.
            let claimed = capacity.values.map { min($0[.running].claimed, $0[.running].capacity) }.reduce(
                0, +)
            let waiting = try await transaction.waitingTasks(of: id, at: now)
            let demand = Demand.known(pending: waiting.pending, claimed: claimed, observedAt: now)
            let idleTime = pool.definition.anticipation.idleTime(pool.definition.lifecycle)
            let cutoff = now - idleTime
            let idle = try await transaction.idleWorkers(
                of: id, since: cutoff, limit: DecisionPolicy.retirementsPerPass)
            let nextIdle = try await transaction.nextIdleWorker(of: id, after: cutoff).map {
                $0 + idleTime
            }
            let hold = try await self.hold(on: pool, in: transaction, at: now)
            // The clocks of two processes may differ by a little, but not by the window.
            let asked = try await transaction.instancesAsked(
                of: id, after: now - DecisionPolicy.brakeWindow, upTo: now + DecisionPolicy.brakeWindow)
            let snapshots = try await self.context.offerings.snapshots(
                of: configs, in: pool, capacity, from: transaction, at: now)
            var current = PoolAndSnapshot(
                pool: pool, configs: configs,
                snapshot: PoolSnapshot(
                    poolID: id, scale: pool.definition.scale, hold: hold, demand: demand,
                    launchConfigs: snapshots,
                    brake: PoolSnapshot.Brake(
                        instancesPerHour: pool.definition.scale.brake, asked: asked.count,
                        first: asked.first),
                    idle: idle), nextIdle: nextIdle, hasEndedPause: pool.pause?.holds(at: now) == false)
            current.snapshot.notStartable = waiting.pending - waiting.startable
            current.snapshot.heldBack = waiting.heldBack
            current.snapshot.anticipation = pool.definition.anticipation
            return current
        }
        // Zones are read from files, which no transaction should wait for.
        let windows = rows?.pool.definition.schedule ?? []
        rows?.snapshot.scheduled = context.scheduled(windows, at: now)
        return rows
    }

    private func hold(
        on pool: Pool, in transaction: any ReadTransaction, at now: Timestamp
    ) async throws -> PoolSnapshot.Hold? {
        if pool.isDeleted { return .deleted }
        if context.isMadeByHand(pool.definition.providerID) { return .madeByHand }
        if try await transaction.setting(SettingName.frozen) != nil { return .frozen }
        if let pause = pool.pause, pause.holds(at: now) { return .paused(until: pause.until) }
        if context.providers[pool.definition.providerID] == nil {
            return .noProvider(pool.definition.providerID)
        }
        if let move = context.places.move(of: pool.definition.providerID) {
            return .providerMoved(move.provider, from: move.from, to: move.to)
        }
        if !context.answersWorkers, pool.definition.lifecycle.registration == .required {
            return .needsService
        }
        return nil
    }
}

extension SnapshotReader.PoolAndSnapshot {
    /// Lets an external source say what the queue would.
    mutating func take(_ answer: PoolDemand.Answer, of source: ExternalSource, at now: Timestamp) {
        external = answer
        snapshot.demand = Demand(answer.result, within: source.staleness, at: now)
        snapshot.demandStaleness = source.staleness
        snapshot.notStartable = 0
        snapshot.heldBack = []
        snapshot.assumption = source.claimed == nil ? .noClaims : .claimsOnSupply
        guard source.idle == nil else { return }
        snapshot.isIdleKnown = false
        snapshot.idle = []
        nextIdle = nil
    }
}

extension SnapshotReader.PoolAndSnapshot {
    /// Notes for which launch configs the provider wants no calls yet.
    mutating func leaveAlone(_ throttled: ThrottledConfigs) {
        for index in snapshot.launchConfigs.indices {
            snapshot.launchConfigs[index].callsAgainAt = throttled.callsAgain(
                for: snapshot.launchConfigs[index].id, of: pool.id)
        }
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
