import MusterCore
import MusterStore

/// The id of a sample limit.
func limitID(_ name: String) -> LimitID { LimitID(rawValue: "c-\(name)") }

/// Writes a limit.
@discardableResult
func defineLimit(
    _ store: any Store, _ name: String, _ slots: Int, whenFull: ConcurrencyLimit.WhenFull = .enqueue,
    perSecond: Double? = nil
) async throws -> LimitID {
    let limit = ConcurrencyLimit(
        id: limitID(name), name: LimitName(rawValue: name), slots: slots, whenFull: whenFull,
        rate: perSecond.map { .init(slotsPerSecond: $0, tokens: Double(slots), countedAt: noon) },
        createdAt: noon, modifiedAt: noon)
    try await store.write(in: .store) { try await $0.save(limit) }
    return limit.id
}

/// A task of the sample pool that needs slots of limits.
func limitedTask(_ id: String, _ limits: [String], tenant: String = "default") -> QueuedTask {
    var task = sampleTask(id, tenant: tenant)
    task.limits = LimitSet(needing: limits.map(limitID))
    return task
}

extension Store {
    /// How many slots of a limit are held.
    func held(_ id: LimitID, at now: Timestamp = noon) async throws -> Int {
        try await read { try await $0.usages(of: [id], at: now)[id]?.held ?? 0 }
    }

    /// Changes a limit.
    func change(_ id: LimitID, _ change: @escaping @Sendable (inout ConcurrencyLimit) -> Void) async throws {
        try await write(in: .store) { transaction in
            guard var limit = try await transaction.limit(id) else { return }
            change(&limit)
            try await transaction.save(limit)
        }
    }

    /// Asks for slots.
    func acquire(
        _ holder: String, _ limits: [LimitID], slots: Int = 1, lease: Duration = .seconds(60),
        waits: Bool = false, overtaking: Bool = false, at now: Timestamp = noon
    ) async throws -> SlotReply {
        let request = SlotRequest(holder: holder, limits: limits, slots: slots, lease: lease, waits: waits)
        return try await write(in: .named("slots:\(holder)")) {
            try await $0.acquire(request, overtaking: overtaking, at: now)
        }
    }

    /// Gives slots back; of how many limits.
    @discardableResult
    func release(_ holder: String, at now: Timestamp = noon) async throws -> Int {
        try await write(in: .named("slots:\(holder)")) {
            try await $0.releaseSlots(of: holder, at: now)
        }
    }

    /// Submits tasks.
    func submit(_ tasks: [QueuedTask]) async throws {
        _ = try await write(in: .store) { try await $0.submit(tasks) }
    }

    /// Reports the end of a run.
    func finish(_ run: RunReference, _ worker: WorkerKey, at now: Timestamp = noon) async throws {
        _ = try await write(in: .store) {
            try await $0.report(run, by: worker, RunEnd(.completed, because: .completed), at: now)
        }
    }
}
