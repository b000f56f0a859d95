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
        let reader = SnapshotReader(context, callsAgainAt: launcher.callsAgain(for: pool))
        guard let snapshot = try await reader.snapshot(of: pool) else { return nil }
        let now = context.clock.now()
        let plan = context.withChance { Decision.plan(for: snapshot.snapshot, now: now, using: &$0) }
        let document = PlanDocument(plan, poolID: pool, at: now)
        let next = nextPass(after: plan, snapshot, now)
        guard isWorthWriting(plan, document) || snapshot.hasEndedPause else { return next }
        guard let lease = try await lease.current() else {
            context.log.debug("another process works on the pool", ["pool": pool.rawValue])
            return nil
        }
        let provider = context.providers[snapshot.pool.definition.providerID]
        let rendering = provider.map {
            LaunchRendering(plan, for: snapshot, at: $0, epoch: lease.epoch, in: context)
        }
        let launches = rendering?.launches ?? []
        let step: FaultPoint =
            if !launches.isEmpty {
                .launchIntended
            } else if !plan.retirements.isEmpty {
                .retirementDecided
            } else {
                snapshot.hasEndedPause ? .pauseEnded : .planRecorded
            }
        try await context.write(reaching: step) { transaction in
            try await transaction.require(lease)
            if snapshot.hasEndedPause { try await transaction.endPause(of: self.pool, at: now) }
            for launch in launches { try await transaction.plan(launch) }
            for refused in rendering?.refused ?? [] {
                try await transaction.report(refused.problem, of: refused.config, in: snapshot.pool, at: now)
            }
            for worker in plan.retirements { try await transaction.retireIfIdle(worker, at: now) }
            try await transaction.save(document, keep: self.context.policy.plansKept)
        }
        lastWritten.withLock { $0 = document }
        log(plan)
        for launch in launches { launcher.carryOut(launch) }
        return next
    }

    /// The moment at which time alone changes the decision; never one that has passed.
    private func nextPass(
        after plan: Plan, _ snapshot: SnapshotReader.PoolAndSnapshot, _ now: Timestamp
    ) -> Timestamp? {
        let idle = plan.hasSurplus ? snapshot.nextIdle : nil
        let heldUntil: Timestamp? =
            switch snapshot.snapshot.hold {
            case .paused(let until): until
            case .backingOff(let until): until
            case .frozen, .deleted, .noProvider, nil: nil
            }
        return [idle, heldUntil, plan.restEnds].compactMap(\.self).filter { $0 > now }.min()
    }

    /// A plan that launches or retires is written at once; one that only shows other numbers at most once a
    /// second, and one that says the same once a minute.
    private func isWorthWriting(_ plan: Plan, _ document: PlanDocument) -> Bool {
        guard plan.launches.isEmpty, plan.retirements.isEmpty, let last = lastWritten.withLock({ $0 }) else {
            return true
        }
        let age = document.at - last.at
        return age >= (document.says(theSameAs: last) ? context.policy.planRefresh : context.policy.planGap)
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

    /// Takes away a pause that has come to its end.
    func endPause(of id: PoolID, at now: Timestamp) async throws {
        guard var pool = try await pool(id), let pause = pool.pause, !pause.holds(at: now) else { return }
        pool.pause = nil
        try await save(pool)
        try await publish(pool.event(.poolResumed, at: now, reason: "the pause has ended"))
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
