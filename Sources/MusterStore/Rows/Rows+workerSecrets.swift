public import MusterCore

extension ReadTransaction {
    /// The hash of the secret that a person gave a worker; nil when nobody did.
    public func secretHash(of worker: WorkerKey) async throws -> String? {
        try await row(
            "SELECT hash FROM worker_secrets WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3",
            worker.poolID, worker.group, worker.id)?.text("hash")
    }
}

extension WriteTransaction {
    /// Writes the hash of the secret by which a worker proves itself from now on.
    public func saveSecret(hash: String, of worker: WorkerKey, at now: Timestamp) async throws {
        try await run(
            """
            INSERT INTO worker_secrets (pool_id, worker_group, worker_id, hash, set_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (pool_id, worker_group, worker_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at
            """, worker.poolID, worker.group, worker.id, hash, now)
    }

    /// Forgets the secret of a worker.
    public func deleteSecret(of worker: WorkerKey) async throws {
        try await run(
            "DELETE FROM worker_secrets WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3",
            worker.poolID, worker.group, worker.id)
    }
}
