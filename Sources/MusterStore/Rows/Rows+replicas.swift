public import MusterCore

/// A process that works on the store, as the others see it.
public struct Replica: Hashable, Sendable {
    /// What it does here.
    public enum Role: String, CaseIterable, Codable, Sendable {
        /// It is there for good, answers workers, and has a share of the pools.
        case service
        /// It does everything once, for whatever nobody else holds.
        case run
    }

    /// The name of this one announcement: a process that was away for too long announces itself anew, and has
    /// nothing that it held before.
    public var id: String
    /// The name of the process, the same in all its announcements.
    public var name: String
    /// What it does here.
    public var role: Role
    /// The machine it runs on.
    public var host: String
    /// Its number there.
    public var pid: Int
    /// Where workers reach it; empty for one that answers nobody.
    public var address: String
    /// The version of the program.
    public var version: String
    /// The providers that it can reach.
    public var providers: [ProviderID]
    /// Since when it has been there.
    public var since: Timestamp
    /// Since when workers have been answered without interruption, by it or by those that it came to.
    public var attendedSince: Timestamp
    /// When it last renewed this.
    public var seenAt: Timestamp
    /// When it counts as gone unless it renews this, by the store's clock.
    public var expiresAt: Timestamp

    /// Describes a process that is about to announce itself.
    public init(
        id: String, name: String, role: Role, host: String, pid: Int, address: String, version: String,
        providers: [ProviderID]
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.host = host
        self.pid = pid
        self.address = address
        self.version = version
        self.providers = providers
        since = Timestamp(milliseconds: 0)
        attendedSince = since
        seenAt = since
        expiresAt = since
    }

    /// Whether it is there.
    public func isLiving(at now: Timestamp) -> Bool { expiresAt > now }
}

extension ReadTransaction {
    /// All processes that are there or were shortly before, by name.
    public func replicas() async throws -> [Replica] {
        try await rows("SELECT * FROM replicas ORDER BY name, id").map(Replica.init(row:))
    }

    /// A replica's row.
    ///
    /// - Throws: `Problem` `lease-lost` when it has expired by `now`.
    @discardableResult
    func requireLiving(_ id: String, at now: Timestamp) async throws -> Replica {
        let row = try await row("SELECT * FROM replicas WHERE id = $1", id)
        guard let replica = try row.map(Replica.init(row:)), replica.isLiving(at: now) else {
            throw Problem(
                .leaseLost, "the process \(id) was away for longer than its lease: it holds nothing any more")
        }
        return replica
    }
}

extension WriteTransaction {
    /// Lets the others know of a process, which has been there since `start`, and that whatever had its name before
    /// is over; the row as it is written.
    ///
    /// Workers have been attended for as long as by those of the others that were there a moment ago.
    /// - Parameters:
    ///   - freshness: how long ago the others may last have been heard of.
    ///   - time: for how long it counts as there.
    public func announce(
        _ replica: Replica, presentSince start: Timestamp,
        freshness: Duration, for time: Duration
    ) async throws -> Replica {
        let now = try await self.now()
        // Nobody has its name beside it: what had it before is over, and others need not wait for its end.
        try await run("DELETE FROM replicas WHERE name = $1", replica.name)
        let others = try await replicas().filter {
            $0.role == .service && $0.isLiving(at: now) && $0.seenAt >= now - freshness
        }
        var replica = replica
        replica.since = start
        replica.attendedSince = min(start, others.map(\.attendedSince).min() ?? start)
        replica.seenAt = now
        replica.expiresAt = now + time
        try await run(
            """
            INSERT INTO replicas (id, name, role, host, pid, address, version, providers, since, attended_since,
                seen_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """, replica.id, replica.name, replica.role.rawValue, replica.host, replica.pid, replica.address,
            replica.version, StoredJSON.text(replica.providers.map(\.rawValue)), replica.since,
            replica.attendedSince, replica.seenAt, replica.expiresAt)
        signal(.replicas)
        return replica
    }

    /// Prolongs a replica's time, and that of whatever it holds; nil when it was over.
    public func renew(replica id: String, for time: Duration) async throws -> Replica? {
        let now = try await self.now()
        let changed = try await run(
            "UPDATE replicas SET seen_at = $2, expires_at = $3 WHERE id = $1 AND expires_at > $2", id, now,
            now + time)
        return changed > 0 ? try await requireLiving(id, at: now) : nil
    }

    /// A replica goes, and holds nothing any more.
    public func leave(replica id: String) async throws {
        guard try await run("DELETE FROM replicas WHERE id = $1", id) > 0 else { return }
        signal(.replicas)
    }

    /// Forgets replicas that have been gone since before `moment`.
    public func deleteReplicas(goneBefore moment: Timestamp) async throws {
        try await run("DELETE FROM replicas WHERE expires_at < $1", moment)
    }
}

extension Replica {
    init(row: Row) throws {
        self.init(
            id: try row.text("id"), name: try row.text("name"),
            role: try row.value("role", as: Role.self), host: try row.text("host"), pid: try row.int("pid"),
            address: try row.text("address"), version: try row.text("version"),
            providers: try StoredJSON.value([String].self, try row.text("providers")).map(
                ProviderID.init(rawValue:)))
        since = try row.time("since")
        attendedSince = try row.time("attended_since")
        seenAt = try row.time("seen_at")
        expiresAt = try row.time("expires_at")
    }
}
