public import MusterCore

/// What a bearer token, known only by its hash, stands for.
public struct TokenGrant: Hashable, Sendable {
    /// Who shows it.
    public var clientID: String
    /// The only worker that it reaches, for a worker's token.
    public var worker: WorkerKey?
    /// When it ends.
    public var expiresAt: Timestamp

    /// Makes a grant.
    public init(clientID: String, worker: WorkerKey?, expiresAt: Timestamp) {
        self.clientID = clientID
        self.worker = worker
        self.expiresAt = expiresAt
    }
}

extension ReadTransaction {
    /// What the token with this hash stands for; nil for one that nobody issued.
    public func grant(tokenHash hash: String) async throws -> TokenGrant? {
        guard let row = try await row("SELECT * FROM tokens WHERE hash = $1", hash) else { return nil }
        let worker = try row.value("worker_id") == .null ? nil : WorkerKey(row: row, id: "worker_id")
        return TokenGrant(
            clientID: try row.text("client_id"), worker: worker, expiresAt: try row.time("expires_at"))
    }
}

extension WriteTransaction {
    /// Writes a token's hash; writing it again changes nothing.
    public func saveToken(hash: String, _ grant: TokenGrant, createdAt now: Timestamp) async throws {
        try await run(
            """
            INSERT INTO tokens (hash, client_id, scopes, pool_id, worker_group, worker_id, created_at, expires_at)
            VALUES ($1, $2, '[]', $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING
            """, hash, grant.clientID, grant.worker?.poolID, grant.worker?.group, grant.worker?.id, now,
            grant.expiresAt)
    }

    /// Makes a worker's tokens worthless.
    public func deleteTokens(of worker: WorkerKey) async throws {
        try await run(
            "DELETE FROM tokens WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3", worker.poolID,
            worker.group, worker.id)
    }
}
