import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Judges workers whose next look is due, and ends those whose time has come: those of the pools that this
/// process holds.
final class WorkerWatch: Sendable {
    private let context: EngineContext
    private let leases: PoolLeases

    init(_ context: EngineContext, _ leases: PoolLeases) {
        self.context = context
        self.leases = leases
    }

    /// Judges every worker that is due.
    ///
    /// - Returns: when the next look is due.
    func run() async throws -> Timestamp? {
        try await look { provider, workers in
            // Beside whatever else there is to do: a slow provider delays nobody.
            Task { await self.end(workers, at: provider) }
        }
        let holder = try await leases.holder()
        let horizon = context.clock.now() + context.policy.passInterval
        return try await context.store.read { try await $0.nextWorkerLook(of: holder, before: horizon) }
    }

    /// Judges every worker that is due, and waits until the providers have been asked to end whom they should.
    func runToEnd() async throws {
        let asked = Locked<[Task<Void, Never>]>([])
        try await look { provider, workers in
            let task = Task { await self.end(workers, at: provider) }
            asked.withLock { $0.append(task) }
        }
        for task in asked.withLock({ $0 }) { await task.value }
    }

    private func look(_ end: (ProviderID, [Worker]) -> Void) async throws {
        while true {
            let terminations = try await lookAtSome()
            for (provider, workers) in terminations.byProvider { end(provider, workers) }
            if terminations.wasAll { return }
        }
    }

    /// Since when a pool's deadlines run. What a provider lists is seen whenever somebody looks, so that between
    /// scheduled runs the deadlines of workers that need not call run on.
    private func attendedSince(_ lifecycle: Lifecycle) -> Timestamp {
        let isSeenAnyway = !context.answersWorkers && lifecycle.registration == .none
        return isSeenAnyway ? Timestamp(milliseconds: .min) : context.attendedSince
    }

    private struct Terminations: Sendable {
        var byProvider: [ProviderID: [Worker]] = [:]
        var judged = 0
        var wasAll = true

        /// What was done, for tests that let the process die right after it.
        var step: FaultPoint? {
            if !byProvider.isEmpty { return .terminationNoted }
            return judged > 0 ? .workersJudged : nil
        }
    }

    private func lookAtSome() async throws -> Terminations {
        let now = try await context.moment()
        let limit = context.policy.workersPerLook
        let holder = try await leases.holder()
        let pools = try await context.store.read { transaction in
            Set(try await transaction.workersToLookAt(by: now, of: holder, limit: limit).map(\.key.poolID))
        }
        guard !pools.isEmpty else { return Terminations() }
        return try await leases.judge(pools, as: holder, reaching: { $0.step }) { transaction, held in
            let found = try await transaction.workersToLookAt(by: now, of: holder, limit: limit)
            // Some of other pools may have become due since the scope was chosen: they are next.
            let due = found.filter { held.contains($0.key.poolID) }
            var terminations = Terminations(
                judged: due.count, wasAll: found.count < limit && due.count == found.count)
            var lifecycles: [PoolID: Lifecycle] = [:]
            for worker in due {
                let pool = worker.key.poolID
                let lifecycle: Lifecycle
                if let known = lifecycles[pool] {
                    lifecycle = known
                } else {
                    lifecycle = try await transaction.lifecycle(of: pool)
                    lifecycles[pool] = lifecycle
                }
                let verdict = worker.verdict(
                    lifecycle, attendedSince: self.attendedSince(lifecycle), now: now)
                if let ended = try await transaction.carryOut(
                    verdict, on: worker, self.context.outputs, at: now)
                {
                    terminations.byProvider[ended.providerID, default: []].append(ended)
                }
            }
            return terminations
        }
    }

    /// They are asked again for as long as they are there, so that one provider that cannot be used now is no loss.
    private func end(_ workers: [Worker], at id: ProviderID) async {
        let provider: any CloudProvider
        do {
            provider = try await context.places.provider(id)
        } catch {
            return context.log.warning(
                "instances cannot be ended yet",
                ["provider": id.rawValue, "count": "\(workers.count)", "error": "\(error)"])
        }
        let errors = await provider.terminate(workers.map(\.instanceID))
        FaultPoint.reach(.terminationSent)
        for (instance, error) in errors {
            context.log.warning(
                "an instance could not be ended yet", ["instance": instance, "error": error.description])
        }
    }
}

extension WriteTransaction {
    /// Does what a worker's deadlines say; the worker when its instance is to be ended now.
    fileprivate func carryOut(
        _ verdict: Worker.Verdict, on old: Worker, _ outputs: InstanceOutputs, at now: Timestamp
    ) async throws -> Worker? {
        var worker = old
        switch verdict {
        case .wait(let until):
            try await setNextLook(at: until, for: old.key)
        case .suspect:
            guard case .became(let type) = worker.suspect(at: now) else { return nil }
            try await save(worker, was: old, lookAt: now)
            try await publish(worker.event(type, at: now))
        case .drain(let reason):
            _ = try await drain(old, because: reason, at: now)
        case .retire(let reason, let countsAsFailure):
            guard case .became(let type) = worker.retire(because: reason, at: now) else { return nil }
            try await save(worker, was: old, lookAt: now)
            try await publish(worker.event(type, at: now))
            if countsAsFailure {
                try await blame(worker, for: reason, outputs, at: now)
            }
        case .end(let reason): try await stop(old, because: reason, outputs, at: now)
        case .terminateAgain:
            // Noted before it is sent: if the process dies in between, it is sent again after the interval.
            guard worker.terminationSent(at: now) == .noted else { return nil }
            try await save(worker, was: old, lookAt: now + DecisionPolicy.terminationRepeat)
            return worker
        case .overdue:
            guard case .became(let type) = worker.becomeOverdue() else { return nil }
            try await save(worker, was: old, lookAt: now)
            try await publish(worker.event(type, at: now))
        }
        return nil
    }
}
