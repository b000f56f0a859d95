public import MusterCore
public import MusterStore

/// A pool with everything that there is to see of it, read in one moment.
public struct PoolView: Sendable {
    /// The pool, its definition complete.
    public let pool: Pool
    /// Its launch configs, archived ones with workers included.
    public let launchConfigs: [LaunchConfig]
    /// What is there of each.
    public let capacity: [LaunchConfigID: CapacityTable]
    /// What each of them weighs now.
    public let weights: [LaunchConfigID: LaunchConfigWeight]
    /// How many tasks wait; nil when nobody knows.
    public let pending: Int?
    /// How many tasks workers run; nil when nobody knows.
    public let claimed: Int?
    /// The limit that its tasks are subject to, and how much of it is taken.
    public let limit: LimitUsage?
    /// Whether everything is frozen.
    public let isFrozen: Bool
    /// What was last decided.
    public let plan: PlanDocument?
    /// The name of the process that works on it; nil when none does.
    public let workedOnBy: String?

    /// What is there of all launch configs together.
    public var total: CapacityTable { capacity.values.reduce(CapacityTable(), +) }
}

extension ReadTransaction {
    /// A pool's view; nil when there is none of that name.
    public func view(of id: PoolID, _ offerings: OfferingLook, at now: Timestamp) async throws -> PoolView? {
        guard var pool = try await pool(id) else { return nil }
        let capacity = try await capacity(of: id)
        let configs = try await launchConfigs(of: id).filter {
            $0.archivedAt == nil || (capacity[$0.id]?.living ?? 0) > 0
        }
        pool.definition.launchConfigs = configs.filter { $0.archivedAt == nil }.map(\.definition)
        let plan = try await lastPlan(of: id)
        // What an external source says is known from the last pass.
        let isQueue = pool.definition.source == .queue
        let held = capacity.values.reduce(CapacityTable(), +)
        let claimed = Bucket.allCases.map { held[$0].claimed }.reduce(0, +)
        let snapshots = try await offerings.snapshots(of: configs, in: pool, capacity, from: self, at: now)
        let limit = try await limitID(of: id)
        return PoolView(
            pool: pool, launchConfigs: configs, capacity: capacity,
            weights: Decision.weights(of: snapshots, now: now),
            pending: isQueue ? try await pendingTasks(of: id) : plan?.pending,
            claimed: isQueue ? claimed : plan?.claimed,
            limit: try await usages(of: [limit].compactMap(\.self), at: now).values.first,
            isFrozen: try await setting(SettingName.frozen) != nil, plan: plan,
            workedOnBy: try await lease(Lease.name(ofPool: id)).flatMap { lease in
                lease.holds(at: now) ? lease.holderName : nil
            })
    }
}

extension Engine {
    /// What launch configs can be launched as.
    public var offerings: OfferingLook { context.offerings }

    /// The view of a pool.
    ///
    /// - Throws: `Problem` `pool-not-found`.
    public func view(of id: PoolID) async throws -> PoolView {
        let now = now
        let offerings = offerings
        return try await store.read { transaction in
            guard let view = try await transaction.view(of: id, offerings, at: now) else {
                throw try await transaction.missing(id)
            }
            return view
        }
    }

    /// The views of all pools, by name.
    public func views() async throws -> [PoolView] {
        let now = now
        let offerings = offerings
        return try await store.read { transaction in
            var views: [PoolView] = []
            for id in try await transaction.poolIDs() {
                if let view = try await transaction.view(of: id, offerings, at: now) { views.append(view) }
            }
            return views
        }
    }
}
