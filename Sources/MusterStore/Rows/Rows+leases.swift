public import MusterCore

/// The right to work on something until a time, with the number that each write carries.
public struct Lease: Hashable, Sendable {
    /// What it is a right to.
    public let name: String
    /// Who has it.
    public let holder: String
    /// Grows with each change of holder: a write with an older one is refused.
    public let epoch: Int64
    /// When it ends unless it is renewed, by the store's clock.
    public let expiresAt: Timestamp

    /// The name of the lease under which a pool is worked on.
    public static func name(ofPool pool: PoolID) -> String { "pool:\(pool)" }
}

extension ReadTransaction {
    /// A lease as it stands, expired or not.
    public func lease(_ name: String) async throws -> Lease? {
        try await row("SELECT * FROM leases WHERE name = $1", name).map(Lease.init(row:))
    }
}

extension WriteTransaction {
    /// Takes or renews a lease; nil when another holder's has not expired.
    public func acquireLease(_ name: String, holder: String, for time: Duration) async throws -> Lease? {
        let now = try await self.now()
        let current = try await lease(name)
        if let current, current.holder != holder, current.expiresAt > now { return nil }
        let isRenewal = current?.holder == holder && current.map { $0.expiresAt > now } ?? false
        let epoch = (current?.epoch ?? 0) + (isRenewal ? 0 : 1)
        try await run(
            """
            INSERT INTO leases (name, holder, epoch, expires_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch,
                expires_at = excluded.expires_at
            """, name, holder, epoch, now + time)
        return Lease(name: name, holder: holder, epoch: epoch, expiresAt: now + time)
    }

    /// Makes sure that a lease still holds, before anything is written under it.
    ///
    /// - Throws: `Problem` `lease-lost` when it expired or another has it: the transaction writes nothing.
    public func require(_ lease: Lease) async throws {
        let now = try await self.now()
        guard let current = try await self.lease(lease.name), current.epoch == lease.epoch,
            current.holder == lease.holder, current.expiresAt > now
        else {
            throw Problem(
                .leaseLost, "the lease \(lease.name) of epoch \(lease.epoch) does not hold any more")
        }
    }

    /// Gives a lease back before its time; nothing when it is another's by now.
    public func release(_ lease: Lease) async throws {
        try await run(
            "UPDATE leases SET expires_at = 0 WHERE name = $1 AND holder = $2 AND epoch = $3", lease.name,
            lease.holder,
            lease.epoch)
    }
}

extension Lease {
    init(row: Row) throws {
        self.init(
            name: try row.text("name"), holder: try row.text("holder"), epoch: try row.integer("epoch"),
            expiresAt: try row.time("expires_at"))
    }
}
