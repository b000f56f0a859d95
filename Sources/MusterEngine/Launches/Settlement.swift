import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Writes down what came of a launch: its workers, its failures and its events, in one transaction.
struct Settlement {
    private let context: EngineContext

    init(_ context: EngineContext) { self.context = context }

    /// Settles a launch once; a second answer changes nothing.
    ///
    /// What is unfilled goes back to the pool's next pass, since it no longer counts as requested.
    /// - Parameter lease: the pool's, under which the provider was asked. When it is lost meanwhile nothing is
    ///   written: whoever has it finds the launch planned, and looks up what came of it.
    func settle(
        _ launch: Launch, instances: [Instance], refusals: [LaunchRefusal], under lease: Lease,
        reaching point: FaultPoint
    ) async throws {
        let now = context.clock.now()
        let news = OfferingNews(
            launch, instances, refusals, at: context.providers[launch.providerID], now: now)
        try await context.write(in: .pool(launch.poolID), reaching: point) { transaction in
            try await context.require(lease, in: transaction)
            guard let old = try await transaction.launch(launch.id) else { return }
            var launch = old
            guard launch.settle(obtained: instances.count, error: refusals.first?.error, at: now) else {
                return
            }
            try await transaction.save(launch, was: old)
            for instance in instances {
                try await transaction.adopt(instance, of: launch, context.outputs, at: now)
            }
            try await transaction.changeHealth(of: launch.launchConfigID, in: launch.poolID) {
                $0.note(.obtained(instances.count), at: now)
            }
            try await transaction.record(refusals, of: launch, at: now)
            try await news.write(in: transaction, at: now)
            try await transaction.publish(launch.event(.launchSettled, at: now))
            transaction.signal(.pool(launch.poolID))
        }
    }
}

extension Settlement {
    /// Makes workers of what is there of a launch of which more may come, or fail.
    func record(_ instances: [Instance], of launch: Launch, under lease: Lease) async throws {
        let known = Set(
            try await context.store.read { try await $0.workers(of: launch.id) }.map(\.instanceID))
        let new = instances.filter { !known.contains($0.id) }
        guard !new.isEmpty else { return }
        let now = context.clock.now()
        try await context.write(in: .pool(launch.poolID), reaching: .workerLookedUp) { transaction in
            try await context.require(lease, in: transaction)
            for instance in new {
                guard let launch = try await transaction.launch(launch.id), launch.state == .planned else {
                    return
                }
                try await transaction.adopt(instance, of: launch, context.outputs, at: now)
            }
        }
    }
}

extension WriteTransaction {
    /// Makes a worker of an instance that a launch gave; one that is there already stays as it is.
    @discardableResult
    func adopt(
        _ instance: Instance, of launch: Launch, _ outputs: InstanceOutputs, at now: Timestamp
    ) async throws -> Worker {
        let key = WorkerKey(poolID: launch.poolID, group: instance.group, id: instance.workerID)
        if let worker = try await worker(key) { return worker }
        var counted = launch
        if counted.obtainOne() { try await save(counted, was: launch) }
        var worker = Worker(
            key: key, launchConfigID: launch.launchConfigID, launchID: launch.id,
            providerID: launch.providerID,
            instanceID: instance.id, capacity: launch.capacityPerInstance,
            // When it was last sent: what came of that may be missing from listings for as long as of any call.
            requestedAt: launch.sentAt ?? launch.plannedAt)
        _ = worker.see(startedAt: instance.startedAt)
        let look = worker.nextLook(try await lifecycle(of: launch.poolID), at: now)
        try await save(worker, was: nil, lookAt: look)
        try await publish(worker.event(.workerRequested, at: now))
        if try await launchConfig(launch.launchConfigID, of: launch.poolID)?.archivedAt != nil {
            worker = try await drain(worker, because: StopReason.archived, at: now)
        }
        guard instance.state == .gone else { return worker }
        return try await stop(worker, because: instance.detail ?? StopReason.exited, outputs, at: now)
    }

    /// Counts and reports what a provider refused.
    ///
    /// - Parameter name: what the reports' ids begin with, without it the launch's.
    func record(
        _ refusals: [LaunchRefusal], of launch: Launch, as name: String? = nil, at now: Timestamp
    ) async throws {
        for (index, refusal) in refusals.enumerated() {
            try await changeHealth(of: launch.launchConfigID, in: launch.poolID) {
                $0.note(.refused(refusal.count, refusal.error.kind), at: now)
            }
            try await save(
                ReportedError(
                    id: "\(name.map { "\($0)-refused" } ?? launch.id.rawValue)-\(index)",
                    poolID: launch.poolID, launchConfigID: launch.launchConfigID,
                    launchID: launch.id, kind: "creation-error",
                    title:
                        "\(refusal.count) of \(launch.count) instances were refused: \(refusal.error.label)",
                    description: refusal.error.message, at: now))
            try await publish(launch.event(.launchFailed, at: now, error: refusal.error))
        }
    }

    /// Tells a worker to finish what it has and take no more.
    func drain(_ old: Worker, because reason: String, at now: Timestamp) async throws -> Worker {
        var worker = old
        guard case .became(let type) = worker.drain(because: reason) else { return old }
        try await save(worker, was: old, lookAt: now)
        try await publish(worker.event(type, at: now))
        return worker
    }

    /// Writes down that a worker's instance is gone, and what follows: its tasks run again elsewhere, its
    /// credentials are worthless, and its launch config answers for it if it never registered.
    @discardableResult
    func stop(
        _ old: Worker, because detail: String, _ outputs: InstanceOutputs, at now: Timestamp
    ) async throws -> Worker {
        var worker = old
        guard case .became(let type) = worker.gone(at: now, because: detail) else { return old }
        try await endClaims(of: old.key, because: .workerShutdown, at: now)
        // The claims' end has changed the row: only what this change is about is taken from `old`.
        guard let current = try await self.worker(old.key) else { return old }
        worker.claimed = current.claimed
        worker.idleSince = current.idleSince
        try await save(worker, was: current, lookAt: nil)
        try await deleteTokens(of: old.key)
        try await forgetClaimRequest(of: old.key)
        if old.isMadeByHand { try await deleteSecret(of: old.key) }
        // One that was told to finish before it ever came, or that no launch was to bring, is nobody's failure.
        if old.state == .requested, old.drain == nil, !old.isMadeByHand {
            try await blame(worker, for: detail, outputs, at: now)
        }
        try await publish(worker.event(type, at: now))
        if old.state == .stopping { try await publish(worker.event(.workerRemoved, at: now)) }
        return worker
    }

    /// A worker that was asked for and never did anything is a failure of its launch config; after many in a row
    /// that ran all the same, nothing more is launched from it.
    func blame(
        _ worker: Worker, for detail: String, _ outputs: InstanceOutputs, at now: Timestamp
    ) async throws {
        let end = SilentEnd(detail, output: outputs.output(of: worker))
        let ran = worker.startedAt != nil || worker.registeredAt != nil
        try await changeHealth(of: worker.launchConfigID, in: worker.key.poolID) {
            $0.note(.neverCame(ran: ran), at: now)
        }
        if ran {
            try await suspendWhereAllAreSilent(worker.launchConfigID, of: worker.key.poolID, end, at: now)
        }
        try await save(
            ReportedError(
                id: "\(worker.key.id)-unregistered", poolID: worker.key.poolID,
                launchConfigID: worker.launchConfigID,
                launchID: worker.launchID, worker: worker.key, kind: "registration-error",
                title: "a worker never came to work", description: end.sentence, at: now))
    }
}
