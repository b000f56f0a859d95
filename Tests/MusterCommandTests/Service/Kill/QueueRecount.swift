import MusterStore

/// A counter of the queue's, and the same counted anew from the tasks.
struct QueueRecount {
    /// What is counted.
    let name: String
    /// The counters that are not 0: a name and a number each.
    private let counters: String
    /// The same from the tasks.
    private let recount: String

    /// The counters that differ from their recount, with both numbers; a full recount, O(tasks).
    func differences(in transaction: any ReadTransaction) async throws -> [String] {
        let counted = try await numbers(counters, in: transaction)
        let recounted = try await numbers(recount, in: transaction)
        return Set(counted.keys).union(recounted.keys).sorted().compactMap { name in
            let (counter, tasks) = (counted[name] ?? 0, recounted[name] ?? 0)
            return counter == tasks ? nil : "\(name): \(counter) instead of \(tasks)"
        }
    }

    private func numbers(_ sql: String, in transaction: any ReadTransaction) async throws -> [String: Int] {
        var numbers: [String: Int] = [:]
        for row in try await transaction.rows(sql) { numbers[try row.text("name")] = try row.int("count") }
        return numbers
    }

    static let all = [
        QueueRecount(
            name: "tasks that wait, by pool",
            counters: "SELECT pool_id || limit_set AS name, pending AS count FROM demand",
            recount: """
                SELECT pool_id || limit_set AS name, count(*) AS count FROM tasks WHERE state = 'pending'
                GROUP BY pool_id, limit_set
                """),
        QueueRecount(
            name: "tasks that wait, by tenant",
            counters: "SELECT pool_id || ' ' || tenant AS name, pending AS count FROM tenants",
            recount: """
                SELECT pool_id || ' ' || tenant AS name, count(*) AS count FROM tasks WHERE state = 'pending'
                GROUP BY pool_id, tenant
                """),
        QueueRecount(
            name: "tasks that wait, by tenant and priority",
            counters: """
                SELECT pool_id || ' ' || tenant || ' ' || priority || limit_set AS name, pending AS count
                FROM tenant_counts
                """,
            recount: """
                SELECT pool_id || ' ' || tenant || ' ' || priority || limit_set AS name, count(*) AS count
                FROM tasks WHERE state = 'pending' GROUP BY pool_id, tenant, priority, limit_set
                """),
        QueueRecount(
            name: "claims, by worker",
            counters: "SELECT pool_id || worker_group || id AS name, claimed AS count FROM workers",
            recount: """
                SELECT pool_id || worker_group || worker_id AS name, count(*) AS count FROM tasks
                WHERE state = 'running' GROUP BY pool_id, worker_group, worker_id
                """),
    ]
}
