import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Compares a provider's listing with the rows, both ways.
///
/// The listing is read before the rows: a worker whose launch settled in between has a row by then, and is
/// only missed by looks that began after it was asked for. One process alone does it, under a lease: each look
/// costs the provider a listing, and two that miss a worker are one look of each of two processes.
final class Reconciler: Sendable {
    private let provider: any CloudProvider
    private let lease: HeldLease
    private let context: EngineContext
    /// Instances that nobody knows, with the uptime at the first look that found them.
    private let unknown = Locked<[String: Duration]>([:])

    init(_ provider: any CloudProvider, in context: EngineContext) {
        self.provider = provider
        self.context = context
        lease = HeldLease(on: "reconcile:\(provider.id)", in: context)
    }

    /// Makes one comparison. A listing that fails says nothing: it throws, and nothing is concluded.
    ///
    /// - Throws: `HeldElsewhere` when another process does it.
    func run() async throws {
        let held = try await lease.required()
        try await lease.forgettingWhatIsLost { try await self.run(under: held) }
    }

    private func run(under lease: Lease) async throws {
        let begun = try await context.moment()
        let uptime = context.clock.uptime()
        let provider = provider
        var lifecycles: [PoolID: Lifecycle] = [:]
        let listed = try await context.bounded { () throws(CloudError) in try await provider.list() }
        var instances = Dictionary(listed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var after: WorkerKey?
        repeat {
            let page = try await workers(after: after)
            for worker in page {
                let instance = instances.removeValue(forKey: worker.instanceID)
                try await compare(worker, with: instance, lookBegun: begun, lease)
                if worker.state == .requested, let instance, instance.state == .running {
                    let lifecycle = try await lifecycle(of: worker.key.poolID, &lifecycles)
                    try await countAsRunning(worker, instance, lifecycle, lease)
                }
            }
            after = page.count == Self.pageSize ? page.last?.key : nil
        } while after != nil
        try await handleUnknown(Array(instances.values), at: uptime, lease)
    }

    private static let pageSize = 1_000

    private func workers(after key: WorkerKey?) async throws -> [Worker] {
        let id = provider.id
        return try await context.store.read {
            try await $0.livingWorkers(of: id, after: key, limit: Self.pageSize)
        }
    }

    /// Writes what concerns a pool's worker, while the lease holds.
    private func write<Result: Sendable>(
        of pool: PoolID, under lease: Lease, reaching point: (Result) -> FaultPoint?,
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await context.write(in: .both(lease.name, pools: [pool]), reaching: point) { transaction in
            try await self.context.require(lease, in: transaction)
            return try await body(transaction)
        }
    }

    private func compare(
        _ worker: Worker, with instance: Instance?, lookBegun: Timestamp, _ lease: Lease
    ) async throws {
        switch instance?.state {
        case .gone: try await stop(worker.key, because: instance?.detail ?? StopReason.exited, lease)
        case .pending, .running, .stopping:
            let isNews = worker.missedLooks > 0 || (worker.startedAt == nil && instance?.startedAt != nil)
            if isNews { try await change(worker.key, lease) { $0.see(startedAt: instance?.startedAt) } }
        case nil:
            let settledBefore =
                worker.requestedAt + provider.timing.lookUpDelay
            guard lookBegun > settledBefore else { return }
            if worker.missedLooks >= 1 {
                try await stop(worker.key, because: StopReason.missing, lease)
            } else {
                try await change(worker.key, lease) { $0.miss() }
            }
        }
    }

    private func lifecycle(
        of pool: PoolID, _ known: inout [PoolID: Lifecycle]
    ) async throws -> Lifecycle {
        if let lifecycle = known[pool] { return lifecycle }
        let lifecycle = try await context.store.read { try await $0.lifecycle(of: pool) }
        known[pool] = lifecycle
        return lifecycle
    }

    /// Counts an instance that need not register as running, once it has run for as long as its pool says.
    private func countAsRunning(
        _ worker: Worker, _ instance: Instance, _ lifecycle: Lifecycle, _ lease: Lease
    ) async throws {
        let now = context.clock.now()
        let startedAt = instance.startedAt ?? worker.startedAt ?? worker.requestedAt
        guard lifecycle.registration == .none, now >= startedAt + lifecycle.runningAfter else { return }
        try await write(of: worker.key.poolID, under: lease, reaching: { _ in .workerCounted }) {
            transaction in
            guard let old = try await transaction.worker(worker.key) else { return }
            var worker = old
            guard case .became(let type) = worker.countAsRunning(at: now) else { return }
            try await transaction.save(worker, was: old, lookAt: now)
            try await transaction.changeHealth(of: worker.launchConfigID, in: worker.key.poolID) {
                $0.note(.registered, at: now)
            }
            try await transaction.addBoot(of: worker, lifecycle, at: now)
            try await transaction.hear(from: worker, at: now)
            try await transaction.publish(worker.event(type, at: now))
        }
    }

    private func change(
        _ key: WorkerKey, _ lease: Lease, _ change: @escaping @Sendable (inout Worker) -> Worker.Effect
    ) async throws {
        let now = context.clock.now()
        try await write(of: key.poolID, under: lease, reaching: { _ in .workerNoted }) { transaction in
            guard let old = try await transaction.worker(key) else { return }
            var worker = old
            guard change(&worker) != .none else { return }
            let look = worker.nextLook(try await transaction.lifecycle(of: key.poolID), at: now)
            try await transaction.save(worker, was: old, lookAt: look)
        }
    }

    private func stop(_ key: WorkerKey, because detail: String, _ lease: Lease) async throws {
        let now = context.clock.now()
        try await write(of: key.poolID, under: lease, reaching: { _ in .instanceGone }) { transaction in
            guard let worker = try await transaction.worker(key) else { return }
            try await transaction.stop(worker, because: detail, self.context.outputs, at: now)
        }
    }

    /// Instances without a living row: adopted when their launch is ours to take from, ended otherwise.
    private func handleUnknown(
        _ instances: [Instance], at uptime: Duration, _ lease: Lease
    ) async throws {
        let living = instances.filter { $0.state != .gone }
        let ids = Set(living.map(\.id))
        unknown.withLock { $0 = $0.filter { ids.contains($0.key) } }
        var doomed: [String] = []
        for instance in living where try await !isTaken(instance, lease) {
            let since = unknown.withLock { unknown in
                let since = unknown[instance.id] ?? uptime
                unknown[instance.id] = since
                return since
            }
            if uptime - since >= context.policy.unknownInstanceGrace { doomed.append(instance.id) }
        }
        guard !doomed.isEmpty else { return }
        // Whoever has the lease meanwhile may know them.
        try await self.lease.assure(lease, lasting: context.callDeadline(of: provider))
        context.log.warning(
            "instances that nobody knows are ended",
            ["provider": provider.id.rawValue, "instances": doomed.joined(separator: ",")])
        _ = await provider.terminate(doomed)
    }

    /// Whose an instance without a living row is.
    private enum Belonging {
        /// A launch's that is being carried out.
        case expected
        /// Ours now.
        case adopted
        case nobodys
    }

    /// Whether an instance belongs to a launch that is being carried out, or could be adopted now.
    private func isTaken(_ instance: Instance, _ lease: Lease) async throws -> Bool {
        let now = context.clock.now()
        guard let pool = try await context.store.read({ try await $0.launch(instance.launchID) })?.poolID
        else { return false }
        let belonging = try await write(
            of: pool, under: lease, reaching: { $0 == .adopted ? .instanceAdopted : nil }
        ) { transaction -> Belonging in
            guard let launch = try await transaction.launch(instance.launchID) else { return .nobodys }
            switch launch.state {
            case .planned: return .expected
            case .abandoned: return .nobodys
            case .settled:
                let worker = try await transaction.adopt(
                    instance, of: launch, self.context.outputs, at: now)
                return worker.state == .stopped ? .nobodys : .adopted
            }
        }
        return belonging != .nobodys
    }
}
