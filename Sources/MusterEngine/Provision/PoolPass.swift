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
    private let demand: PoolDemand
    private let learning: DemandLearning
    private let log: Log
    private let lastWritten = Locked<PlanDocument?>(nil)

    init(_ pool: PoolID, in context: EngineContext, launcher: Launcher) {
        self.pool = pool
        self.context = context
        self.launcher = launcher
        lease = launcher.leases.lease(of: pool)
        demand = PoolDemand(context)
        learning = DemandLearning(context)
        log = context.log.with(["pool": pool.rawValue])
    }

    /// Makes one pass.
    ///
    /// - Returns: when the next one is due because time alone changes something; other changes wake it.
    /// - Throws: `HeldElsewhere` when another process works on the pool.
    func run() async throws -> Timestamp? {
        _ = try await lease.required()
        return try await pass()?.next
    }

    /// What a pass came to.
    struct Outcome: Sendable {
        /// What was decided.
        var document: PlanDocument
        /// Who works on the pool instead, so that nothing of it was done; nil when it was.
        var heldBy: String?
        /// When the next pass is due because time alone changes something.
        var next: Timestamp?
    }

    /// What a pass would decide now; nil when there is no such pool any more. Changes nothing.
    ///
    /// Asked twice of the same state it says the same; where a pass leaves a choice between near equals to
    /// chance, this is one of the choices.
    func decide() async throws -> PlanDocument? {
        guard let snapshot = try await snapshot() else { return nil }
        let now = context.clock.now()
        var generator = SeededGenerator(seed: 0)
        let plan = Decision.plan(for: snapshot.snapshot, now: now, using: &generator)
        return PlanDocument(plan, poolID: pool, at: now)
    }

    private func snapshot() async throws -> SnapshotReader.PoolAndSnapshot? {
        var current = try await SnapshotReader(context, demand: demand).snapshot(of: pool)
        current?.leaveAlone(launcher.throttled)
        if let read = current { current?.snapshot.outlook = try await learning.outlook(for: read) }
        return current
    }

    /// Makes one pass; nil when there is no such pool any more.
    func pass() async throws -> Outcome? {
        guard let snapshot = try await snapshot() else { return nil }
        let now = try await context.moment()
        let plan = context.withChance { Decision.plan(for: snapshot.snapshot, now: now, using: &$0) }
        let document = PlanDocument(plan, poolID: pool, at: now)
        var outcome = Outcome(document: document, next: nextPass(after: plan, snapshot, now))
        let idle = snapshot.newlyIdle
        let hasEndedPause =
            snapshot.hasEndedPause || snapshot.configs.contains { $0.pause?.holds(at: now) == false }
        guard isWorthWriting(plan, document) || hasEndedPause || idle != nil else { return outcome }
        let standing = try await lease.stand()
        guard lease.isOwn(standing) else {
            outcome.heldBy = standing.holderName
            outcome.next = nil
            log.debug("another process works on the pool")
            return outcome
        }
        let provider = context.providers[snapshot.pool.definition.providerID]
        let rendering = provider.map {
            LaunchRendering(plan, for: snapshot, at: $0, epoch: standing.epoch, in: context)
        }
        let launches = rendering?.launches ?? []
        let step = step(launching: !launches.isEmpty, plan, endingPause: hasEndedPause)
        let learned = learning.due(at: now)
        try await lease.forgettingWhatIsLost {
            try await context.write(in: .pool(pool), reaching: step) { transaction in
                try await self.context.require(standing, in: transaction)
                if let idle {
                    try await transaction.markIdle(
                        idle, of: self.pool, at: snapshot.pool.definition.providerID, now: now)
                }
                if hasEndedPause {
                    try await transaction.endPause(of: self.pool, at: now)
                    try await transaction.endPauses(ofLaunchConfigsOf: snapshot.pool, at: now)
                }
                for launch in launches { try await transaction.plan(launch) }
                for id in Set(launches.map(\.launchConfigID)) where plan.weights[id]?.allowance != nil {
                    try await transaction.changeHealth(of: id, in: self.pool) { _ = $0.launch(at: now) }
                }
                for refused in rendering?.refused ?? [] {
                    try await transaction.report(
                        refused.problem, of: refused.config, in: snapshot.pool, at: now)
                }
                for worker in plan.retirements { try await transaction.retireIfIdle(worker, at: now) }
                try await transaction.save(document, keep: self.context.policy.plansKept)
                if let learned { try await transaction.save(learned, of: self.pool) }
            }
        }
        lastWritten.withLock { $0 = document }
        if learned != nil { learning.note(savedAt: now) }
        tell(plan)
        for launch in launches { launcher.carryOut(launch) }
        return outcome
    }

    /// What the write of a pass does above all.
    private func step(launching: Bool, _ plan: Plan, endingPause: Bool) -> FaultPoint {
        if launching { return .launchIntended }
        if !plan.retirements.isEmpty { return .retirementDecided }
        return endingPause ? .pauseEnded : .planRecorded
    }

    /// The moment at which time alone changes the decision; never one that has passed.
    private func nextPass(
        after plan: Plan, _ snapshot: SnapshotReader.PoolAndSnapshot, _ now: Timestamp
    ) -> Timestamp? {
        let idle = plan.hasSurplus ? snapshot.nextIdle : nil
        let heldUntil: Timestamp? =
            switch snapshot.snapshot.hold {
            case .paused(let until): until
            case .frozen, .deleted, .noProvider, .providerMoved, .needsService, .madeByHand, nil: nil
            }
        let pausesEnd = plan.weights.compactMap(\.weight.pausedUntil).min()
        let moments = [
            idle, heldUntil, plan.restEnds, pausesEnd, plan.brakeLoosens, plan.beliefEnds,
            snapshot.external?.nextAt,
            // A window that opened between the look and the decision has not been seen open.
            snapshot.snapshot.scheduled?.until.map { max($0, now + .milliseconds(1)) },
        ]
        return moments.compactMap(\.self).filter { $0 > now }.min()
    }

    /// A plan that launches or retires is written at once; one that only shows other numbers at most once a
    /// second, and one that says the same once a minute.
    private func isWorthWriting(_ plan: Plan, _ document: PlanDocument) -> Bool {
        guard plan.launches.isEmpty, plan.retirements.isEmpty, let last = lastWritten.withLock({ $0 }) else {
            return true
        }
        let age = document.at - last.at
        // A negative one is of a clock that was set back since.
        return age < .zero
            || age >= (document.says(theSameAs: last) ? context.policy.planRefresh : context.policy.planGap)
    }

    private func tell(_ plan: Plan) {
        guard !plan.launches.isEmpty || !plan.retirements.isEmpty else { return }
        log.info(
            "pass",
            [
                "wanted": "\(plan.wanted)", "supply": "\(plan.supply)",
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
        guard let old = try await worker(key), old.bucket == .running, old.claimed == 0,
            old.idleSince != nil
        else { return }
        var worker = old
        guard case .became(let type) = worker.retire(because: StopReason.idle, at: now) else { return }
        try await save(worker, was: old, lookAt: now)
        try await publish(worker.event(type, at: now))
    }
}
