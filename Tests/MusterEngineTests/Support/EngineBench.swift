import MusterClouds
import MusterCore
import MusterCrypto
import MusterRuntime
import MusterStore
import MusterTesting

@testable import MusterEngine

/// The engine's parts on a store of their own, a clock that stands still and a provider that does as told.
///
/// Nothing runs by itself: a test makes the passes, looks and reconciliations one by one.
final class EngineBench: Sendable {
    let folder: TemporaryFolder
    let clock: ManualClock
    let provider: ScriptedProvider
    let source: ScriptedTaskSource
    let log: RecordingLog
    let store: WatchedStore
    let base: OpenDatabase
    let context: EngineContext
    let launcher: Launcher
    let contacts: ContactBook
    let control: Control
    let tasks: TaskDesk
    let registrar: Registrar
    let queue: QueueService

    static let pool = PoolID(rawValue: "demo/build")
    /// A test lets days pass, and no loop runs that would renew anything.
    static let longLease = Duration.seconds(1_000 * 86_400)

    init(
        policy: EnginePolicy = EnginePolicy(), leaseTime: Duration = EngineBench.longLease,
        on database: TestDatabase? = nil, clock: ManualClock = ManualClock(),
        provider: ScriptedProvider? = nil, source: ScriptedTaskSource = ScriptedTaskSource(),
        answersWorkers: Bool = true, name: String = "test", seed: UInt64 = 7,
        zones: String = TimeZoneFiles.usualFolder, log: RecordingLog = RecordingLog(),
        sharing shared: OpenDatabase? = nil, beside others: [any CloudProvider] = []
    ) async throws {
        var policy = policy
        policy.leaseTime = leaseTime
        folder = try TemporaryFolder()
        self.clock = clock
        self.source = source
        self.provider = provider ?? ScriptedProvider(clock: clock)
        self.log = log
        if let shared { base = shared } else { base = try await OpenDatabase(database, clock: clock) }
        store = WatchedStore(base.store)
        context = EngineContext(
            store: store, providers: [self.provider] + others, clock: clock, log: Log(to: log),
            policy: policy,
            holder: name,
            masterKey: MasterKey(Secret(Array("0123456789abcdef0123456789abcdef".utf8))), seed: seed,
            sources: source, answersWorkers: answersWorkers, timeZoneFolder: zones,
            serviceURL: { "http://127.0.0.1:1" })
        launcher = Launcher(context)
        contacts = ContactBook(context)
        control = Control(context)
        tasks = TaskDesk(context, launcher.leases)
        registrar = Registrar(context, contacts: contacts)
        queue = QueueService(context, contacts: contacts)
    }

    /// The same Muster after its process has died: a new one on the same store and the same cloud.
    func restarted() async throws -> EngineBench {
        // Its time must be over before another can have what it held; whoever has a file alone knows that at once.
        if StoreEngine.chosen == .postgres {
            _ = try await base.store.write(in: .store) { try await $0.run("DELETE FROM replicas") }
        }
        await store.close()
        let next = try await EngineBench(
            policy: context.policy, leaseTime: context.policy.leaseTime, on: base.database, clock: clock,
            provider: provider, source: source,
            answersWorkers: context.answersWorkers)
        try await next.hold()
        return next
    }

    /// Another process on the same store and the same cloud; nothing that is done to this one's store is done
    /// to its own.
    func beside(_ name: String, clock: ManualClock? = nil) async throws -> EngineBench {
        try await EngineBench(
            policy: context.policy, leaseTime: context.policy.leaseTime, clock: clock ?? self.clock,
            provider: provider, source: source,
            answersWorkers: context.answersWorkers, name: name,
            seed: name.utf8.reduce(8) { $0 &* 31 &+ UInt64($1) },
            sharing: base)
    }

    /// Defines the pool; `configs` are launch configs by id with their capacity per instance.
    func define(
        _ configs: KeyValuePairs<String, Int> = ["standard": 1], min: Int = 0, max: Int = 10,
        _ change: (inout PoolDefinition) -> Void = { _ in }
    ) async throws {
        var definition = PoolDefinition(
            id: Self.pool, providerID: provider.id, scale: PoolScale(minCapacity: min, maxCapacity: max),
            launchConfigs: configs.map { id, capacity in
                LaunchConfigDefinition(
                    id: LaunchConfigID(rawValue: id),
                    content: Document(.object([.init("name", .string(id))])),
                    settings: LaunchConfigSettings(capacityPerInstance: capacity))
            })
        change(&definition)
        _ = try await control.apply([definition], prune: false, dryRun: false, by: "test")
        try await hold()
    }

    /// Takes the pool, as its loop does before anything else.
    func hold() async throws { try await launcher.leases.hold([Self.pool]) }

    /// Lets another process, of the name `other`, have the pool, which nobody has.
    func otherTakesPool(for time: Duration = .seconds(60)) async throws {
        try await store.announce("other", for: time)
        let lease = try await store.hold(Lease.name(ofPool: Self.pool), as: "other")
        guard lease.holder == "other" else { throw Problem(.leaseLost, "\(lease.holder) has it") }
    }

    /// Submits tasks that do nothing.
    func submit(_ count: Int, tenant: String = "default") async throws -> [QueuedTask] {
        try await tasks.submit(
            (0..<count).map { _ in
                TaskSubmission(
                    poolID: Self.pool, tenant: Tenant(rawValue: tenant),
                    payload: TaskPayload(command: ["true"]))
            })
    }

    /// Makes a pass and waits until what it launched is settled, unless the provider hangs.
    @discardableResult
    func pass(_ pass: PoolPass? = nil) async throws -> Timestamp? {
        let next = try await (pass ?? PoolPass(Self.pool, in: context, launcher: launcher)).run()
        await launcher.settled()
        return next
    }

    /// Looks at every worker whose deadline is due.
    func look() async throws { _ = try await WorkerWatch(context, launcher.leases).run() }

    /// Compares rows with the provider's listing once.
    /// Compares the first of the provider's realms.
    var reconciler: Reconciler { Reconciler(provider, provider.realms[0], in: context) }

    func reconcile(_ reconciler: Reconciler? = nil) async throws {
        try await (reconciler ?? self.reconciler).run()
    }

    /// Registers every worker that is asked for.
    @discardableResult
    func registerAll() async throws -> [WorkerKey] {
        var keys: [WorkerKey] = []
        for worker in try await workers() where worker.state == .requested {
            _ = try await register(worker.key)
            keys.append(worker.key)
        }
        return keys
    }

    /// Defines a pool with `count` workers and has all of them registered.
    func runningWorkers(_ count: Int) async throws -> [WorkerKey] {
        try await define(min: count, max: max(count, 1))
        try await pass()
        return try await registerAll()
    }

    static func proof(_ token: String, nonce: String?) -> Document {
        .object(["token": .string(token), "nonce": nonce.map { .string($0) }])
    }

    func register(_ key: WorkerKey, nonce: String? = "n") async throws -> Registrar.Admission {
        let launch = LaunchID(rawValue: String(key.id.rawValue.prefix { $0 != "-" }))
        let token = context.masterKey.registrationToken(launch: launch, worker: key.id).reveal()
        return try await registrar.register(
            key, providerID: provider.id, proof: Self.proof(token, nonce: nonce))
    }

    func claim(_ key: WorkerKey, _ count: Int = 1, request: String = "r") async throws -> [QueuedTask] {
        let question = ClaimQuestion(worker: key, requestID: request, tasks: count, holding: [])
        let now = clock.now()
        return try await store.write(in: .store) {
            try await $0.claim([question], in: key.poolID, lease: .seconds(60), at: now)[0].tasks
        }
    }

    func workers() async throws -> [Worker] {
        let id = provider.id
        return try await store.read { try await $0.livingWorkers(of: id, after: nil, limit: 10_000) }
    }

    func worker(_ key: WorkerKey) async throws -> Worker? {
        try await store.read { try await $0.worker(key) }
    }

    func capacity() async throws -> CapacityTable {
        try await store.read { try await $0.capacity(of: Self.pool).values.reduce(CapacityTable(), +) }
    }

    func events() async throws -> [Event] {
        try await store.readOutbox { try await $0.events(after: 0, limit: 100_000).map(\.event) }
    }

    func plan() async throws -> PlanDocument? {
        try await store.read { try await $0.lastPlan(of: Self.pool) }
    }

    /// Whether the buckets say what a full recount says.
    func bucketsAreTrue() async throws -> Bool {
        try await store.read { try await $0.capacityOfAllPools() == $0.recountedCapacity() }
    }
}
