public import MusterCore
import MusterRuntime
import MusterStore

extension Control {
    /// Makes a shared limit.
    ///
    /// - Throws: `Problem` `conflict` when there is one of that name with other settings.
    public func createLimit(
        _ name: LimitName, _ settings: LimitSettings, by actor: String
    ) async throws -> ConcurrencyLimit {
        let now = context.clock.now()
        let id = LimitID(
            rawValue: context.withChance { NewIdentifier.ordered(prefix: "c", at: now, using: &$0) })
        return try await context.write(in: .store, reaching: .limitSaved) { transaction in
            if let old = try await transaction.limit(named: name) {
                var same = old
                same.apply(settings, at: now)
                // Its answer may have been lost.
                guard same.settles(old) else {
                    throw Problem(
                        .conflict, "there is a concurrency limit \(name) with other settings", field: "name")
                }
                return old
            }
            var limit = ConcurrencyLimit(
                id: id, name: name, slots: settings.slots ?? 1, createdAt: now, modifiedAt: now)
            limit.apply(settings, at: now)
            try await transaction.save(limit)
            try await transaction.publish(limit.event(.limitCreated, at: now))
            try await transaction.audit(
                actor: actor, action: "create", subject: "limit/\(name)", detail: limit.settings, at: now)
            return limit
        }
    }

    /// Changes a limit. One that gets fewer slots than are held only stops new holders.
    ///
    /// - Throws: `Problem` `limit-not-found`, `conflict` for a name that another has, or one of a pool's own.
    public func setLimit(
        _ name: LimitName, _ settings: LimitSettings, by actor: String
    ) async throws -> ConcurrencyLimit {
        let now = context.clock.now()
        return try await context.write(in: .store, reaching: .limitSaved) { transaction in
            guard let old = try await transaction.limit(named: name) else {
                throw try await transaction.missing(name, field: "limit")
            }
            if old.poolID != nil, settings.name != nil || (settings.slotsPerSecond ?? 0) > 0 {
                throw Problem(
                    .conflict,
                    "\(name) is the worker pool's own: it has that name, and its slots are given back",
                    field: settings.name == nil ? "slotsPerSecond" : "name")
            }
            if let new = settings.name, new != name, try await transaction.limit(named: new) != nil {
                throw Problem(.conflict, "there is a concurrency limit \(new) already", field: "name")
            }
            var limit = old
            limit.apply(settings, at: now)
            guard limit != old else { return old }
            limit.modifiedAt = now
            try await transaction.save(limit)
            try await transaction.tellPools(of: limit.id)
            try await transaction.publish(limit.event(.limitUpdated, at: now))
            try await transaction.audit(
                actor: actor, action: "set", subject: "limit/\(name)", detail: limit.settings, at: now)
            return limit
        }
    }

    /// Deletes a shared limit to which nothing refers any more.
    ///
    /// - Throws: `Problem` `limit-not-found`, `conflict` that says what refers to it.
    public func deleteLimit(_ name: LimitName, by actor: String) async throws -> ConcurrencyLimit {
        let now = try await context.moment()
        return try await context.write(in: .store, reaching: .limitDeleted) { transaction in
            guard let limit = try await transaction.limit(named: name) else {
                throw try await transaction.missing(name, field: "limit")
            }
            if let pool = limit.poolID {
                throw Problem(
                    .conflict,
                    "\(name) is the worker pool \(pool)'s own: take limit out of its definition instead")
            }
            let pools = try await transaction.pools(withLimit: limit.id)
            if let pool = pools.first {
                let others = pools.count > 1 ? " and \(pools.count - 1) more" : ""
                throw Problem(
                    .conflict,
                    "the worker pool \(pool)\(others) has the concurrency limit \(name): apply a definition "
                        + "without it first")
            }
            let waiting = try await transaction.waitingTasks(for: limit.id).values.reduce(0, +)
            let held = try await transaction.usages(of: [limit.id], at: now)[limit.id]?.held ?? 0
            guard waiting == 0, held == 0 else {
                throw Problem(
                    .conflict,
                    "\(waiting) waiting tasks need the concurrency limit \(name) and \(held) of its slots are held: "
                        + "switch it off with muster limit set \(name) --inactive, and delete it when they are done"
                )
            }
            try await transaction.deleteLimit(limit.id)
            try await transaction.publish(limit.event(.limitDeleted, at: now))
            try await transaction.audit(
                actor: actor, action: "delete", subject: "limit/\(name)", detail: .object([:]), at: now)
            return limit
        }
    }
}

extension WriteTransaction {
    /// Brings the limit of a pool to what its definition says; a limit of its own that it leaves is deleted.
    func applyLimit(_ wanted: PoolLimit?, of pool: PoolID, at now: Timestamp) async throws {
        let old = try await limitID(of: pool)
        let own = LimitID(ofPool: pool)
        switch wanted {
        case nil: try await setLimit(nil, of: pool)
        case .shared(let name):
            guard let limit = try await limit(named: name) else {
                throw try await missing(name, field: "\(pool): config.limit")
            }
            try await setLimit(limit.id, of: pool)
        case .own(let slots, let whenFull):
            let known = try await limit(own)
            var limit =
                known
                ?? ConcurrencyLimit(
                    id: own, name: LimitName(ofPool: pool), poolID: pool, slots: slots, createdAt: now,
                    modifiedAt: now)
            limit.slots = slots
            limit.whenFull = whenFull
            if limit != known {
                limit.modifiedAt = now
                try await save(limit)
                try await publish(limit.event(known == nil ? .limitCreated : .limitUpdated, at: now))
            }
            try await setLimit(own, of: pool)
            return
        }
        guard old == own, let limit = try await limit(own) else { return }
        try await deleteLimit(own)
        try await publish(limit.event(.limitDeleted, at: now))
    }

    /// Wakes the passes of the pools that a limit is of: what it leaves them has changed.
    fileprivate func tellPools(of limit: LimitID) async throws {
        for pool in try await pools(withLimit: limit) { signal(.pool(pool)) }
    }
}

extension ConcurrencyLimit {
    /// Whether it is as `other`, but for slots that come back with time.
    fileprivate func settles(_ other: ConcurrencyLimit) -> Bool { settings == other.settings }

    /// What somebody set, as the audit keeps it.
    var settings: Document {
        .object([
            "name": .string(name.rawValue), "description": .string(description), "slots": .integer(slots),
            "active": Document(.boolean(isActive)), "whenFull": .string(whenFull.rawValue),
            "slotsPerSecond": rate.map { Document(.number($0.slotsPerSecond)) },
        ])
    }

    /// An event of this limit.
    func event(_ type: EventType, at now: Timestamp) -> Event {
        Event(
            type, subject: "limit/\(id)", poolID: poolID, time: now,
            data: .object([
                "limitId": .string(id.rawValue), "name": .string(name.rawValue),
                "workerPoolId": poolID.map { .string($0.rawValue) }, "slots": .integer(slots),
                "active": Document(.boolean(isActive)), "whenFull": .string(whenFull.rawValue),
                "slotsPerSecond": rate.map { Document(.number($0.slotsPerSecond)) },
            ]))
    }
}
