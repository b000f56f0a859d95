import MusterCore
import MusterStore

extension WriteTransaction {
    /// Brings one pool to what its definition says.
    ///
    /// - Parameter isMadeByHand: whether people make its workers, which then stay whatever they are told.
    func apply(
        _ definition: PoolDefinition, isMadeByHand: Bool = false, at now: Timestamp
    ) async throws -> PoolChange {
        var change = PoolChange(definition.id, [])
        // One that is being deleted is defined anew: what is left of its workers finishes all the same.
        let old = try await pool(definition.id).flatMap { $0.isDeleted ? nil : $0 }
        if let old {
            change.compare(old.definition, with: definition)
        } else {
            change.changes.append(.init("pool", "created", .added))
        }
        var pool = old ?? Pool(definition: definition, createdAt: now, modifiedAt: now)
        pool.definition = definition
        // Rows refer to the pool: it comes first.
        if old == nil || !change.isEmpty {
            pool.modifiedAt = now
            try await save(pool)
            try await applyLimit(definition.limit, of: definition.id, at: now)
        }
        try await applyLaunchConfigs(of: definition, isMadeByHand: isMadeByHand, &change, at: now)
        if !change.isEmpty {
            try await publish(pool.event(old == nil ? .poolCreated : .poolUpdated, at: now))
            signal(.pool(definition.id))
        }
        return change
    }

    private func applyLaunchConfigs(
        of definition: PoolDefinition, isMadeByHand: Bool, _ change: inout PoolChange, at now: Timestamp
    ) async throws {
        let stored = try await launchConfigs(of: definition.id)
        let canary = try await canary(of: definition, besides: stored)
        for (ordinal, wanted) in definition.launchConfigs.enumerated() {
            let what = "launch config \(wanted.id)"
            guard let old = stored.first(where: { $0.id == wanted.id }) else {
                var config = LaunchConfig(poolID: definition.id, definition: wanted, createdAt: now)
                let allowance = wanted.settings.canary ?? canary
                if let allowance, allowance > 0 {
                    config.health = Health(at: now, allowance: allowance, isCanary: true)
                }
                try await save(config, ordinal: ordinal)
                try await publish(
                    config.event(.launchConfigCreated, provider: definition.providerID, at: now))
                change.changes.append(.init(what, "created", .added))
                continue
            }
            guard old.definition.content.canonicalJSON == wanted.content.canonicalJSON else {
                throw Problem(
                    .conflict,
                    "the \(what) of \(definition.id) exists with other content: what the cloud sees never changes "
                        + "under one name, so give the new content a new launchConfigId, or none",
                    field: "config.launchConfigs[\(ordinal)]")
            }
            try await update(old, to: wanted.settings, ordinal, of: definition, &change, at: now)
        }
        if isMadeByHand, let config = definition.launchConfigs.first {
            try await moveHandmadeWorkers(to: config.id, of: definition.id, at: now)
        }
        let kept = Set(definition.launchConfigs.map(\.id))
        for config in stored where !kept.contains(config.id) && config.archivedAt == nil {
            try await archive(config, provider: definition.providerID, at: now)
            change.changes.append(
                .init("launch config \(config.id)", "archived: its workers finish", .removed))
        }
    }

    /// How many instances of a new launch config may be on their way at first: a tenth of those that it replaces,
    /// which several new ones do together, one at least, and nil for the first ones of a pool, which nothing else
    /// could stand in for.
    private func canary(
        of definition: PoolDefinition, besides stored: [LaunchConfig]
    ) async throws -> Int? {
        guard stored.contains(where: { $0.archivedAt == nil }) else { return nil }
        let kept = Set(definition.launchConfigs.map(\.id))
        let capacity = try await capacity(of: definition.id)
        let replaced = stored.filter { $0.archivedAt == nil && !kept.contains($0.id) }.map { config in
            let table = capacity[config.id] ?? CapacityTable()
            return table[.requested].workers + table[.running].workers
        }
        let new = kept.subtracting(stored.map(\.id)).count
        return max(1, replaced.reduce(0, +) / DecisionPolicy.canaryPart / max(1, new))
    }

    /// Changes in place what only Muster sees, and takes an archived one back.
    private func update(
        _ old: LaunchConfig, to settings: LaunchConfigSettings, _ ordinal: Int, of definition: PoolDefinition,
        _ change: inout PoolChange, at now: Timestamp
    ) async throws {
        var config = old
        config.definition.settings = settings
        config.archivedAt = nil
        let what = "launch config \(old.id)"
        if old.archivedAt != nil { change.changes.append(.init(what, "taken back from the archive", .added)) }
        let before = old.definition.settings
        change.note("\(what): capacityPerInstance", before.capacityPerInstance, settings.capacityPerInstance)
        change.note("\(what): initialWeight", before.initialWeight, settings.initialWeight)
        change.note(
            "\(what): maxCapacity", before.maxCapacity.map(String.init) ?? "none",
            settings.maxCapacity.map(String.init) ?? "none")
        change.note(
            "\(what): canary", before.canary.map(String.init) ?? "usual",
            settings.canary.map(String.init) ?? "usual")
        let isChanged = config != old
        if isChanged { config.modifiedAt = now }
        try await save(config, ordinal: ordinal)
        if isChanged {
            try await publish(config.event(.launchConfigUpdated, provider: definition.providerID, at: now))
        }
    }

    /// Takes a launch config out of use; its workers finish what they have.
    func archive(_ old: LaunchConfig, provider: ProviderID, at now: Timestamp) async throws {
        var config = old
        config.archivedAt = now
        config.modifiedAt = now
        try await save(config, ordinal: Int(Int32.max))
        try await publish(config.event(.launchConfigArchived, provider: provider, at: now))
        while case let workers = try await livingWorkers(
            of: old.id, in: old.poolID, notDraining: true, limit: 500),
            !workers.isEmpty
        {
            for worker in workers { _ = try await drain(worker, because: StopReason.archived, at: now) }
        }
    }

    /// Deletes a pool: nothing is launched for it any more, and its workers finish.
    func delete(_ old: Pool, at now: Timestamp) async throws {
        let open = try await row(
            "SELECT count(*) AS count FROM (SELECT 1 FROM tasks WHERE pool_id = $1 AND resolved_at IS NULL LIMIT 1000) AS t",
            old.id)
        if let count = try open?.int("count"), count > 0 {
            let tasks =
                count == 1
                ? "1 task of the worker pool \(old.id) waits or runs: cancel it first"
                : "\(count == 1_000 ? "1000 or more" : "\(count)") tasks of the worker pool \(old.id) wait or run: "
                    + "cancel them first"
            throw Problem(.conflict, tasks)
        }
        var pool = old
        pool.isDeleted = true
        pool.modifiedAt = now
        try await save(pool)
        // Its own limit goes with it; a shared one stays.
        try await applyLimit(nil, of: old.id, at: now)
        for config in try await launchConfigs(of: old.id) where config.archivedAt == nil {
            try await archive(config, provider: old.definition.providerID, at: now)
        }
        try await publish(pool.event(.poolDeleted, at: now))
    }
}

extension PoolChange {
    /// Notes every field of the pool itself that differs.
    mutating func compare(_ old: PoolDefinition, with new: PoolDefinition) {
        note("providerId", old.providerID, new.providerID)
        note("description", old.description, new.description)
        note("owner", old.owner, new.owner)
        note("emailOnError", old.emailOnError, new.emailOnError)
        note("minCapacity", old.scale.minCapacity, new.scale.minCapacity)
        note("maxCapacity", old.scale.maxCapacity, new.scale.maxCapacity)
        note("scalingRatio", old.scale.scalingRatio, new.scale.scalingRatio)
        note(
            "instancesPerHour", old.scale.instancesPerHour.map(String.init) ?? "usual",
            new.scale.instancesPerHour.map(String.init) ?? "usual")
        note("schedule", old.schedule.document.canonicalJSON, new.schedule.document.canonicalJSON)
        note("limit", old.limit?.description ?? "none", new.limit?.description ?? "none")
        note("suspendAfter", old.suspendAfter, new.suspendAfter)
        note("anticipation", old.anticipation, new.anticipation)
        note("priorityAcrossTenants", old.priorityAcrossTenants, new.priorityAcrossTenants)
        note("source", old.source.document.canonicalJSON, new.source.document.canonicalJSON)
        note("registration", old.lifecycle.registration.rawValue, new.lifecycle.registration.rawValue)
        note("lifecycle", old.lifecycle.document.canonicalJSON, new.lifecycle.document.canonicalJSON)
    }
}
