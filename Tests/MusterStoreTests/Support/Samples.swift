import MusterCore
import MusterStore

/// A moment for tests that need none in particular.
let noon = Timestamp(milliseconds: 1_800_000_000_000)

let samplePool = PoolID(rawValue: "demo/build")
let sampleConfig = LaunchConfigID(rawValue: "standard")

/// A pool with one launch config, as a definition gives it.
func sampleDefinition(_ id: PoolID = samplePool, max: Int = 10) -> PoolDefinition {
    PoolDefinition(
        id: id, providerID: ProviderID(rawValue: "local"), scale: PoolScale(maxCapacity: max),
        launchConfigs: [
            LaunchConfigDefinition(
                id: sampleConfig, content: Document(.object([])), settings: LaunchConfigSettings())
        ])
}

/// Writes the sample pool.
func definePool(_ store: any Store, _ id: PoolID = samplePool) async throws {
    try await store.write(in: .store) { transaction in
        let definition = sampleDefinition(id)
        try await transaction.save(Pool(definition: definition, createdAt: noon, modifiedAt: noon))
        for (ordinal, config) in definition.launchConfigs.enumerated() {
            try await transaction.save(
                LaunchConfig(poolID: id, definition: config, createdAt: noon), ordinal: ordinal)
        }
    }
}

/// A worker of the sample pool, as it was asked for.
func sampleWorker(_ id: String, capacity: Int = 1, pool: PoolID = samplePool) -> Worker {
    Worker(
        key: WorkerKey(poolID: pool, group: WorkerGroup(rawValue: "local"), id: WorkerID(rawValue: id)),
        launchConfigID: sampleConfig, launchID: LaunchID(rawValue: "l1"),
        providerID: ProviderID(rawValue: "local"),
        instanceID: id, capacity: capacity, requestedAt: noon)
}

/// Writes a worker of the sample pool that has registered.
@discardableResult
func runWorker(_ store: any Store, _ id: String, capacity: Int = 1, pool: PoolID = samplePool) async throws
    -> WorkerKey
{
    try await store.write(in: .store) { transaction in
        var worker = sampleWorker(id, capacity: capacity, pool: pool)
        try await transaction.save(worker, was: nil, lookAt: nil)
        let old = worker
        _ = worker.register(at: noon, nonce: nil, expiresAt: noon + .seconds(86_400))
        try await transaction.save(worker, was: old, lookAt: nil)
        return worker.key
    }
}

/// A task of the sample pool.
func sampleTask(
    _ id: String, tenant: String = "default", priority: Priority = .medium, retries: Int = 5,
    pool: PoolID = samplePool, deadline: Timestamp = noon + .seconds(86_400)
) -> QueuedTask {
    QueuedTask(
        id: TaskID(rawValue: id), poolID: pool, tenant: Tenant(rawValue: tenant), priority: priority,
        payload: TaskPayload(command: ["true"]), submittedAt: noon, deadlineAt: deadline, retriesLeft: retries
    )
}

extension Store {
    /// Claims tasks for a worker, with a question of its own each time.
    func claim(
        _ worker: WorkerKey, _ count: Int = 1, request: String, holding: [RunReference] = [],
        at now: Timestamp = noon
    ) async throws -> ClaimReply {
        let question = ClaimQuestion(worker: worker, requestID: request, tasks: count, holding: holding)
        return try await write(in: .pool(worker.poolID)) {
            try await $0.claim([question], in: worker.poolID, lease: .seconds(60), at: now)[0]
        }
    }

    /// Makes sure that the counters say what a full recount says.
    func counters() async throws -> (
        counted: [PoolID: [LaunchConfigID: CapacityTable]],
        recounted: [PoolID: [LaunchConfigID: CapacityTable]]
    ) {
        try await read { (try await $0.capacityOfAllPools(), try await $0.recountedCapacity()) }
    }
}

extension WriteTransaction {
    /// Takes a worker's word for how one run ended.
    func report(_ run: RunReference, by worker: WorkerKey, _ end: RunEnd, at now: Timestamp) async throws
        -> ReportOutcome
    {
        try await report([RunStatement(run, by: worker, end)], at: now)[0]
    }

    /// Prolongs a worker's claim on one run.
    func renew(_ run: RunReference, by worker: WorkerKey, lease: Duration, at now: Timestamp) async throws
        -> Timestamp?
    {
        try await renew([RunStatement(run, by: worker, ())], lease: lease, at: now)[0]
    }
}
