import MusterCore

/// How many tasks wait, as the three tables of the queue's counters say it or as the tasks do.
struct QueueCounters {
    fileprivate struct Pool: Hashable {
        let id: PoolID
        let limitSet: String
    }

    fileprivate struct Owner: Hashable {
        let pool: PoolID
        let tenant: Tenant
    }

    fileprivate struct Place: Hashable {
        let owner: Owner
        let priority: Int
        let limitSet: String
    }

    private var demand: [Pool: Int] = [:]
    private var tenants: [Owner: Int] = [:]
    private var places: [Place: Int] = [:]

    /// What the counters say.
    private static func stored(in transaction: any ReadTransaction) async throws -> QueueCounters {
        var counters = QueueCounters()
        for row in try await transaction.rows("SELECT * FROM demand") {
            let pool = Pool(
                id: try row.value("pool_id", as: PoolID.self), limitSet: try row.text("limit_set"))
            counters.demand[pool] = try row.int("pending")
        }
        for row in try await transaction.rows("SELECT * FROM tenants") {
            counters.tenants[try Owner(row)] = try row.int("pending")
        }
        for row in try await transaction.rows("SELECT * FROM tenant_counts") {
            counters.places[try Place(row)] = try row.int("pending")
        }
        return counters
    }

    /// What the tasks say: a full recount.
    private static func counted(in transaction: any ReadTransaction) async throws -> QueueCounters {
        var counters = QueueCounters()
        let rows = try await transaction.rows(
            """
            SELECT pool_id, tenant, priority, limit_set, count(*) AS pending FROM tasks WHERE state = 'pending'
            GROUP BY pool_id, tenant, priority, limit_set
            """)
        for row in rows {
            let place = try Place(row)
            let pending = try row.int("pending")
            counters.places[place] = pending
            counters.tenants[place.owner, default: 0] += pending
            counters.demand[Pool(id: place.owner.pool, limitSet: place.limitSet), default: 0] += pending
        }
        return counters
    }

    /// What differs, in the order of the names.
    static func differences(in transaction: any ReadTransaction) async throws -> [CounterDifference] {
        try await comparison(in: transaction).all
    }

    /// Sets the counters to what the tasks say, turns aside; what differed.
    static func mend(in transaction: any WriteTransaction) async throws -> [CounterDifference] {
        let found = try await comparison(in: transaction)
        for (pool, _) in found.demand {
            try await transaction.run(
                """
                INSERT INTO demand (pool_id, limit_set, pending) VALUES ($1, $2, $3)
                ON CONFLICT (pool_id, limit_set) DO UPDATE SET pending = excluded.pending
                """, pool.id, pool.limitSet, found.counted.demand[pool] ?? 0)
        }
        for (owner, _) in found.tenants {
            try await transaction.run(
                """
                INSERT INTO tenants (pool_id, tenant, turn, pending) VALUES ($1, $2, 0, $3)
                ON CONFLICT (pool_id, tenant) DO UPDATE SET pending = excluded.pending
                """, owner.pool, owner.tenant, found.counted.tenants[owner] ?? 0)
        }
        for (place, _) in found.places {
            try await transaction.run(
                """
                INSERT INTO tenant_counts (pool_id, tenant, priority, limit_set, pending) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (pool_id, tenant, priority, limit_set) DO UPDATE SET pending = excluded.pending
                """, place.owner.pool, place.owner.tenant, place.priority, place.limitSet,
                found.counted.places[place] ?? 0)
        }
        return found.all
    }

    private struct Comparison {
        let counted: QueueCounters
        let demand: [(Pool, CounterDifference)]
        let tenants: [(Owner, CounterDifference)]
        let places: [(Place, CounterDifference)]

        var all: [CounterDifference] { demand.map(\.1) + tenants.map(\.1) + places.map(\.1) }
    }

    private static func comparison(in transaction: any ReadTransaction) async throws -> Comparison {
        let stored = try await stored(in: transaction)
        let counted = try await counted(in: transaction)
        return Comparison(
            counted: counted,
            demand: differing(stored.demand, counted.demand) { pool, stored, counted in
                CounterDifference(.demand, pool.id, "waiting tasks", stored: stored, counted: counted)
            },
            tenants: differing(stored.tenants, counted.tenants) { owner, stored, counted in
                CounterDifference(
                    .tenants, owner.pool, "tenant \(owner.tenant)", stored: stored, counted: counted)
            },
            places: differing(stored.places, counted.places) { place, stored, counted in
                CounterDifference(
                    .tenantCounts, place.owner.pool,
                    "tenant \(place.owner.tenant), priority \(Priority(rank: place.priority).rawValue)",
                    stored: stored, counted: counted)
            })
    }

    private static func differing<Key: Hashable>(
        _ stored: [Key: Int], _ counted: [Key: Int], _ difference: (Key, Int, Int) -> CounterDifference
    ) -> [(Key, CounterDifference)] {
        Set(stored.keys).union(counted.keys)
            .filter { (stored[$0] ?? 0) != (counted[$0] ?? 0) }
            .map { ($0, difference($0, stored[$0] ?? 0, counted[$0] ?? 0)) }
            .sorted { ($0.1.workerPoolId, $0.1.subject) < ($1.1.workerPoolId, $1.1.subject) }
    }
}

extension QueueCounters.Owner {
    fileprivate init(_ row: Row) throws {
        self.init(
            pool: try row.value("pool_id", as: PoolID.self), tenant: try row.value("tenant", as: Tenant.self))
    }
}

extension QueueCounters.Place {
    fileprivate init(_ row: Row) throws {
        self.init(
            owner: try QueueCounters.Owner(row), priority: try row.int("priority"),
            limitSet: try row.text("limit_set"))
    }
}
