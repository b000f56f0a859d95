import MusterClouds
public import MusterCore
import MusterRuntime
public import MusterStore

/// Takes what people order: definitions of pools, pauses, the freeze.
public final class Control: Sendable {
    let context: EngineContext

    init(_ context: EngineContext) { self.context = context }

    /// Brings pools to what their definitions say, all or none.
    ///
    /// - Parameters:
    ///   - prune: whether pools that are not named are deleted.
    ///   - dryRun: whether nothing is changed.
    ///   - shown: the digest of the difference that somebody has seen before; with any other difference
    ///     nothing is changed. Nil when nobody has looked.
    /// - Throws: `Problem` `provider-unknown`, `conflict`, `input-invalid`.
    /// - Returns: what changed, or would.
    public func apply(
        _ definitions: [PoolDefinition], prune: Bool, dryRun: Bool, asShown shown: String? = nil,
        by actor: String
    ) async throws -> [PoolChange] {
        for definition in definitions { try check(definition) }
        let named = Set(definitions.map(\.id))
        guard named.count == definitions.count else {
            throw Problem(
                .inputInvalid, "names a worker pool twice: one definition would undo the other",
                field: "workerPoolId")
        }
        let now = context.clock.now()
        do {
            return try await context.write(in: .store, reaching: .poolsApplied) { transaction in
                var changes: [PoolChange] = []
                for definition in definitions {
                    let change = try await transaction.apply(
                        definition, isMadeByHand: self.context.isMadeByHand(definition.providerID), at: now)
                    if !change.isEmpty { changes.append(change) }
                }
                if prune {
                    for pool in try await transaction.pools()
                    where !named.contains(pool.id) && !pool.isDeleted {
                        try await transaction.delete(pool, at: now)
                        changes.append(
                            PoolChange(pool.id, [.init("pool", "deleted: its workers finish", .removed)]))
                    }
                }
                if dryRun { throw DryRun(changes: changes) }
                if let shown, shown != changes.digest {
                    throw Problem(
                        .conflict,
                        "the worker pools have changed since the difference was shown: nothing was applied")
                }
                for change in changes {
                    try await transaction.audit(
                        actor: actor, action: "apply", subject: "pool/\(change.workerPoolId)",
                        detail: change.document,
                        at: now)
                }
                return changes
            }
        } catch let dryRun as DryRun {
            return dryRun.changes
        }
    }

    /// Thrown out of a transaction that must not be committed, with what it found.
    private struct DryRun: Error {
        let changes: [PoolChange]
    }

    /// What a provider has against a definition is found before anything is written.
    private func check(_ definition: PoolDefinition) throws {
        guard let provider = context.providers[definition.providerID] else {
            let enabled = context.providers.keys.sorted().map(\.rawValue).joined(separator: ", ")
            throw Problem(
                .providerUnknown,
                "the provider \(definition.providerID) of \(definition.id) is not enabled in muster.yaml"
                    + (enabled.isEmpty ? "; none is" : "; enabled are \(enabled)"),
                field: "providerId")
        }
        let problems = definition.launchConfigs.enumerated().flatMap { index, config in
            provider.problems(in: config.content).map { problem in
                var placed = problem
                let field = problem.field.map { ".\($0)" } ?? ""
                placed.field = "\(definition.id): config.launchConfigs[\(index)]\(field)"
                return placed
            }
        }
        let sourceProblems = (definition.source.external.map(context.sources.problems) ?? []).map { problem in
            var placed = problem
            placed.field = "\(definition.id): config.source\(problem.field.map { ".\($0)" } ?? "")"
            return placed
        }
        let zoneProblems = context.problems(in: definition.schedule).map { problem in
            var placed = problem
            placed.field = "\(definition.id): config.\(problem.field ?? "schedule")"
            return placed
        }
        let handmadeProblems =
            context.isMadeByHand(definition.providerID) ? definition.problemsWhereMadeByHand : []
        if let problems = Problems(problems + sourceProblems + zoneProblems + handmadeProblems) {
            throw problems
        }
    }

    /// Stops launching for a pool.
    public func pause(_ id: PoolID, _ pause: Pause, by actor: String) async throws -> Pool {
        try await change(id, .poolPaused, "pause", by: actor, reaching: .poolPaused) { $0.pause = pause }
    }

    /// Launches for a pool again.
    public func resume(_ id: PoolID, by actor: String) async throws -> Pool {
        try await change(id, .poolResumed, "resume", by: actor, reaching: .poolResumed) { $0.pause = nil }
    }

    /// Deletes a pool once its workers have finished.
    ///
    /// - Throws: `Problem` `pool-not-found`, `conflict` when tasks wait for it or run.
    public func delete(_ id: PoolID, by actor: String) async throws {
        let now = context.clock.now()
        try await context.write(in: .store, reaching: .poolDeleted) { transaction in
            guard let pool = try await transaction.pool(id), !pool.isDeleted else {
                throw try await transaction.missing(id)
            }
            try await transaction.delete(pool, at: now)
            try await transaction.audit(
                actor: actor, action: "delete", subject: "pool/\(id)", detail: .object([:]), at: now)
        }
    }

    /// Stops every launch of every pool, until `unfreeze`.
    public func freeze(reason: String, by actor: String) async throws {
        let now = context.clock.now()
        try await context.write(in: .store, reaching: .fleetFrozen) { transaction in
            guard try await transaction.setting(SettingName.frozen) == nil else { return }
            try await transaction.set(SettingName.frozen, to: reason)
            try await transaction.announce(.frozen, "freeze", reason: reason, by: actor, at: now)
        }
    }

    /// Lets launches go on.
    public func unfreeze(by actor: String) async throws {
        let now = context.clock.now()
        try await context.write(in: .store, reaching: .fleetUnfrozen) { transaction in
            guard try await transaction.setting(SettingName.frozen) != nil else { return }
            try await transaction.remove(setting: SettingName.frozen)
            try await transaction.announce(.unfrozen, "unfreeze", reason: nil, by: actor, at: now)
        }
    }

    /// Writes a copy of the whole store to a file.
    ///
    /// - Throws: as `StoreUpkeep.backUp`.
    public func backUp(to path: String, replacing: Bool, by actor: String) async throws -> BackupFacts {
        let facts = try await context.store.upkeep.backUp(to: path, replacing: replacing)
        let now = context.clock.now()
        try await context.write(in: .named("audit"), reaching: .backupAudited) { transaction in
            try await transaction.audit(
                actor: actor, action: "backup", subject: "fleet",
                detail: .object(["path": .string(path), "bytes": .integer(Int(facts.bytes))]), at: now)
        }
        return facts
    }

    private func change(
        _ id: PoolID, _ type: EventType, _ action: String, by actor: String, reaching point: FaultPoint,
        _ change: @escaping @Sendable (inout Pool) -> Void
    ) async throws -> Pool {
        let now = context.clock.now()
        return try await context.write(in: .pool(id), reaching: point) { transaction in
            guard let old = try await transaction.pool(id), !old.isDeleted else {
                throw try await transaction.missing(id)
            }
            var pool = old
            change(&pool)
            guard pool != old else { return old }
            try await transaction.save(pool)
            try await transaction.publish(pool.event(type, at: now, reason: pool.pause?.reason))
            try await transaction.audit(
                actor: actor, action: action, subject: "pool/\(id)",
                detail: pool.pause?.detail ?? .object([:]), at: now)
            return pool
        }
    }
}

extension ReadTransaction {
    /// Whether a person has stopped launches for a pool: frozen, paused, or deleted.
    func isHeld(_ id: PoolID, at now: Timestamp) async throws -> Bool {
        guard let pool = try await pool(id), !pool.isDeleted else { return true }
        return try await setting(SettingName.frozen) != nil || pool.pause?.holds(at: now) == true
    }
}

extension WriteTransaction {
    fileprivate func announce(
        _ type: EventType, _ action: String, reason: String?, by actor: String, at now: Timestamp
    ) async throws {
        let detail = Document.object(["reason": reason.map(Document.string)])
        try await publish(Event(type, subject: "fleet", poolID: nil, time: now, data: detail))
        try await audit(actor: actor, action: action, subject: "fleet", detail: detail, at: now)
        for pool in try await poolIDs() { signal(.pool(pool)) }
    }
}
