public import MusterCore

/// An error of a launch or a worker, as people look it up.
public struct ReportedError: Sendable {
    public var id: String
    public var poolID: PoolID
    public var launchConfigID: LaunchConfigID?
    public var launchID: LaunchID?
    public var worker: WorkerKey?
    /// A word such as `creation-error`.
    public var kind: String
    public var title: String
    public var description: String
    public var at: Timestamp

    /// Makes an error.
    public init(
        id: String, poolID: PoolID, launchConfigID: LaunchConfigID? = nil, launchID: LaunchID? = nil,
        worker: WorkerKey? = nil, kind: String, title: String, description: String, at: Timestamp
    ) {
        self.id = id
        self.poolID = poolID
        self.launchConfigID = launchConfigID
        self.launchID = launchID
        self.worker = worker
        self.kind = kind
        self.title = title
        self.description = description
        self.at = at
    }
}

extension ReadTransaction {
    /// A setting.
    public func setting(_ name: String) async throws -> String? {
        try await row("SELECT value FROM settings WHERE name = $1", name)?.text("value")
    }

    /// The last plan of a pool.
    public func lastPlan(of pool: PoolID) async throws -> PlanDocument? {
        try await row("SELECT document FROM plans WHERE pool_id = $1 ORDER BY sequence DESC LIMIT 1", pool)
            .map {
                try StoredJSON.value(PlanDocument.self, try $0.text("document"))
            }
    }
}

extension WriteTransaction {
    /// Writes a setting.
    public func set(_ name: String, to value: String) async throws {
        try await run(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name, value)
    }

    /// Forgets a setting.
    public func remove(setting name: String) async throws {
        try await run("DELETE FROM settings WHERE name = $1", name)
    }

    /// Stores a plan; one that says the same as the last is only counted, and `keep` of a pool are kept.
    public func save(_ plan: PlanDocument, keep: Int) async throws {
        let pool = plan.workerPoolId
        let last = try await row(
            "SELECT sequence, document FROM plans WHERE pool_id = $1 ORDER BY sequence DESC LIMIT 1", pool)
        if let last, plan.says(theSameAs: try StoredJSON.value(PlanDocument.self, try last.text("document")))
        {
            try await run(
                "UPDATE plans SET last_at = $2, repeats = repeats + 1, document = $3 WHERE sequence = $1",
                try last.integer("sequence"), plan.at, StoredJSON.text(plan))
            return
        }
        try await run(
            "INSERT INTO plans (pool_id, first_at, last_at, repeats, document) VALUES ($1, $2, $2, 1, $3)",
            pool,
            plan.at, StoredJSON.text(plan))
        try await run(
            """
            DELETE FROM plans WHERE pool_id = $1 AND sequence <= (
                SELECT sequence FROM plans WHERE pool_id = $1 ORDER BY sequence DESC LIMIT 1 OFFSET $2)
            """, pool, keep)
    }

    /// Stores an error; storing it again changes nothing.
    public func save(_ error: ReportedError) async throws {
        try await run(
            """
            INSERT INTO errors (id, pool_id, launch_config_id, launch_id, worker_group, worker_id, kind, title,
                description, extra, reported_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}', $10) ON CONFLICT (id) DO NOTHING
            """, error.id, error.poolID, error.launchConfigID, error.launchID, error.worker?.group,
            error.worker?.id, error.kind, error.title, error.description, error.at)
    }

    /// Notes who changed what.
    public func audit(actor: String, action: String, subject: String, detail: Document, at now: Timestamp)
        async throws
    {
        try await run(
            "INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)", now, actor,
            action,
            subject, detail.canonicalJSON)
    }
}
