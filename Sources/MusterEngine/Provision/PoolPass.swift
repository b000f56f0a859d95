import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// The passes over one pool: reads demand and supply, decides, writes the intent, and has it carried out.
///
/// Runs in one loop per pool, so that no pool waits for another, and under the pool's lease.
final class PoolPass: Sendable {
    private let pool: PoolID
    private let context: EngineContext
    private let launcher: Launcher
    private let lease: HeldLease
    private let lastWritten = Locked<PlanDocument?>(nil)

    init(_ pool: PoolID, in context: EngineContext, launcher: Launcher) {
        self.pool = pool
        self.context = context
        self.launcher = launcher
        lease = launcher.leases.lease(of: pool)
    }

    /// Makes one pass.
    ///
    /// - Returns: when the next one is due because time alone changes something; other changes wake it.
    func run() async throws -> Timestamp? {
        guard let snapshot = try await SnapshotReader(context).snapshot(of: pool) else { return nil }
        let now = context.clock.now()
        let plan = context.withChance { Decision.plan(for: snapshot.snapshot, now: now, using: &$0) }
        let document = PlanDocument(plan, poolID: pool, at: now)
        let next = [plan.hasSurplus ? snapshot.nextChange : snapshot.pool.pause?.until, plan.restEnds]
            .compactMap(\.self).min()
        guard isWorthWriting(plan, document) else { return next }
        guard let lease = try await lease.current() else {
            context.log.debug("another process works on the pool", ["pool": pool.rawValue])
            return nil
        }
        let launches = try launches(plan, snapshot, lease, now)
        try await context.store.write { transaction in
            try await transaction.require(lease)
            for launch in launches { try await transaction.plan(launch) }
            for worker in plan.retirements { try await transaction.retireIfIdle(worker, at: now) }
            try await transaction.save(document, keep: self.context.policy.plansKept)
        }
        if !launches.isEmpty { FaultPoint.reach(.launchIntended) }
        lastWritten.withLock { $0 = document }
        log(plan)
        for launch in launches { launcher.carryOut(launch) }
        return next
    }

    private func isWorthWriting(_ plan: Plan, _ document: PlanDocument) -> Bool {
        guard plan.launches.isEmpty, plan.retirements.isEmpty, let last = lastWritten.withLock({ $0 }) else {
            return true
        }
        return !document.says(theSameAs: last) || document.at - last.at >= context.policy.planRefresh
    }

    /// The launches that the plan asks for, rendered. One that cannot be rendered is reported and left out:
    /// the others are needed all the same.
    private func launches(
        _ plan: Plan, _ snapshot: SnapshotReader.PoolAndSnapshot, _ lease: Lease, _ now: Timestamp
    ) throws -> [Launch] {
        guard let provider = context.providers[snapshot.pool.definition.providerID] else { return [] }
        return plan.launches.compactMap { planned in
            guard let config = snapshot.configs.first(where: { $0.id == planned.launchConfigID }) else {
                return nil
            }
            let id = context.withChance { NewIdentifier.launch(at: now, using: &$0) }
            do {
                let body = try provider.render(
                    .init(
                        launchID: id, poolID: pool, launchConfigID: config.id,
                        content: config.definition.content,
                        count: planned.count, capacityPerInstance: planned.capacityPerInstance,
                        serviceURL: context.serviceURL()))
                return Launch(
                    id: id, poolID: pool, launchConfigID: config.id, providerID: provider.id,
                    count: planned.count,
                    capacityPerInstance: planned.capacityPerInstance, body: body, epoch: lease.epoch,
                    plannedAt: now)
            } catch {
                context.log.error(
                    "a launch config cannot be rendered",
                    ["pool": pool.rawValue, "launch config": config.id.rawValue, "error": "\(error)"])
                return nil
            }
        }
    }

    private func log(_ plan: Plan) {
        guard !plan.launches.isEmpty || !plan.retirements.isEmpty else { return }
        context.log.info(
            "pass",
            [
                "pool": pool.rawValue, "wanted": "\(plan.wanted)", "supply": "\(plan.supply)",
                "launches": plan.launches.map { "\($0.launchConfigID)x\($0.count)" }.joined(separator: ","),
                "retirements": "\(plan.retirements.count)",
            ])
    }
}

extension WriteTransaction {
    /// Writes the intent of a launch, before anything is sent.
    func plan(_ launch: Launch) async throws {
        try await save(launch, was: nil)
        try await publish(launch.event(.launchPlanned, at: launch.plannedAt))
    }

    /// Ends a worker for its number, unless it has got work or gone away since the plan was made.
    func retireIfIdle(_ key: WorkerKey, at now: Timestamp) async throws {
        guard let old = try await worker(key), old.bucket == .running, old.claimed == 0 else { return }
        var worker = old
        guard case .became(let type) = worker.retire(because: StopReason.idle, at: now) else { return }
        try await save(worker, was: old, lookAt: now)
        try await publish(worker.event(type, at: now))
    }
}
