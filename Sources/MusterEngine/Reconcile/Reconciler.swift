import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Compares the listing of one of a provider's realms with the rows, both ways.
///
/// The listing is read before the rows: a worker whose launch settled in between has a row by then, and is
/// only missed by looks that began after it was asked for. One process alone does it, under a lease: each look
/// costs the provider a listing, and two that miss a worker are one look of each of two processes.
final class Reconciler: Sendable {
    /// The name of the loop that does it, and of its lease.
    let name: String
    let provider: any CloudProvider
    let lease: HeldLease
    let context: EngineContext
    /// Instances that nobody knows, by their ids.
    let strangers = Locked<[String: Stranger]>([:])
    private let realm: Realm

    init(_ provider: any CloudProvider, _ realm: Realm, in context: EngineContext) {
        self.provider = provider
        self.realm = realm
        self.context = context
        name = Self.name(of: provider.id) + (provider.realms.count > 1 ? "/\(realm.id)" : "")
        lease = HeldLease(on: name, in: context)
    }

    /// The name where a provider is listed as one; a realm's own is that and `/REALM`.
    static func name(of provider: ProviderID) -> String { "reconcile:\(provider)" }

    /// One for each realm of each provider.
    static func all(in context: EngineContext) -> [Reconciler] {
        context.providers.values.sorted { $0.id < $1.id }.flatMap { provider in
            provider.realms.map { Reconciler(provider, $0, in: context) }
        }
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
        let realm = realm
        try await context.places.confirm(provider)
        let listing = try await context.bounded { () throws(CloudError) in try await provider.list(realm) }
        tellOfTheUnseen(listing.unseen)
        var instances = Dictionary(
            listing.instances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let notices = Dictionary(grouping: listing.notices, by: \.instanceID)
        var absence = Absence()
        var after: WorkerKey?
        repeat {
            let page = try await workers(after: after)
            for worker in page {
                guard let instance = instances.removeValue(forKey: worker.instanceID) else {
                    // What was asked for only now need not be listed yet.
                    let isDue = begun > worker.requestedAt + provider.timing.lookUpDelay
                    if isDue, listing.unseen[worker.key.group] == nil { absence.missed.append(worker) }
                    continue
                }
                absence.seen += 1
                try await compare(worker, with: instance, lease)
                try await heed(notices[worker.instanceID] ?? [], of: worker, lease)
                if worker.state == .requested, instance.state == .running {
                    let lifecycle = try await lifecycle(of: worker.key.poolID, &lifecycles)
                    try await countAsRunning(worker, instance, lifecycle, lease)
                }
            }
            after = page.count == Self.pageSize ? page.last?.key : nil
        } while after != nil
        try await conclude(absence, lease)
        try await handleStrangers(Array(instances.values), at: uptime, lease)
    }

    private static let pageSize = 1_000

    private func workers(after key: WorkerKey?) async throws -> [Worker] {
        let id = provider.id
        let group = realm.group
        return try await context.store.read {
            try await $0.livingWorkers(of: id, in: group, after: key, limit: Self.pageSize)
        }
    }

    /// What a provider cannot see is no reason to conclude anything, and one to tell a person.
    private func tellOfTheUnseen(_ unseen: [WorkerGroup: CloudError]) {
        for (group, error) in unseen.sorted(by: { $0.key < $1.key }) {
            context.log.warning(
                "the provider cannot see a group",
                ["loop": name, "group": group.rawValue, "error": "\(error)"])
        }
    }

    /// Writes what concerns a pool's worker, or no pool, while the lease holds.
    func write<Result: Sendable>(
        of pool: PoolID?, under lease: Lease, reaching point: (Result) -> FaultPoint?,
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await context.write(in: .both(lease.name, pools: Set([pool].compactMap(\.self))), reaching: point)
        { transaction in
            try await self.context.require(lease, in: transaction)
            return try await body(transaction)
        }
    }

    private func compare(_ worker: Worker, with instance: Instance, _ lease: Lease) async throws {
        switch instance.state {
        case .gone: try await stop(worker.key, because: instance.detail ?? StopReason.exited, lease)
        case .pending, .running, .stopping:
            let isNews = worker.missedSince != nil || (worker.startedAt == nil && instance.startedAt != nil)
            if isNews { try await change(worker.key, lease) { $0.see(startedAt: instance.startedAt) } }
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

    func change(
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

    func stop(_ key: WorkerKey, because detail: String, _ lease: Lease) async throws {
        let now = context.clock.now()
        try await write(of: key.poolID, under: lease, reaching: { _ in .instanceGone }) { transaction in
            guard let worker = try await transaction.worker(key) else { return }
            try await transaction.stop(worker, because: detail, self.context.outputs, at: now)
        }
    }
}
