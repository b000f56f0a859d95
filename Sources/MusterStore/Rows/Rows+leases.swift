public import MusterCore

/// The right of a replica to work on something, with the number that each write under it carries.
///
/// It holds for as long as the replica's own row does, so that one renewal keeps alive whatever it holds.
public struct Lease: Hashable, Sendable {
    /// What it is a right to.
    public let name: String
    /// The id of the replica that has it; empty when nobody has.
    public let holder: String
    /// Grows with each change of holder: a write with an older one is refused.
    public let epoch: Int64
    /// Since when that replica has it.
    public let takenAt: Timestamp
    /// When it ends unless the replica renews its row, by the store's clock; long ago for one that is gone.
    public var expiresAt: Timestamp
    /// The name of the replica's process; empty when it is gone.
    public let holderName: String

    /// Whether somebody has it.
    public func holds(at now: Timestamp) -> Bool { !holder.isEmpty && expiresAt > now }

    /// The pool that it is a right to; nil for something else.
    public var pool: PoolID? {
        name.hasPrefix(Self.ofPool) ? PoolID(rawValue: String(name.dropFirst(Self.ofPool.count))) : nil
    }

    private static let ofPool = "pool:"

    /// The name of the lease under which a pool is worked on.
    public static func name(ofPool pool: PoolID) -> String { "\(ofPool)\(pool)" }

    /// The condition that the pool of a row of `table` is held by the replica whose id is the value with this
    /// number. Whether that replica is still alive is for it to make sure of.
    static func holdsPool(_ table: String, holder number: Int) -> String {
        """
        EXISTS (SELECT 1 FROM leases AS held
            WHERE held.name = '\(ofPool)' || \(table).pool_id AND held.holder = $\(number))
        """
    }

    fileprivate static let selection = """
        SELECT l.name, l.holder, l.epoch, l.taken_at, coalesce(r.expires_at, 0) AS expires_at,
            coalesce(r.name, '') AS holder_name
        FROM leases AS l LEFT JOIN replicas AS r ON r.id = l.holder
        """
}

extension ReadTransaction {
    /// A lease as it stands, expired or not.
    public func lease(_ name: String) async throws -> Lease? {
        try await row("\(Lease.selection) WHERE l.name = $1", name).map(Lease.init(row:))
    }

    /// All leases, expired ones included, by name.
    public func leases() async throws -> [Lease] {
        try await rows("\(Lease.selection) ORDER BY l.name").map(Lease.init(row:))
    }

    /// Those of the pools that a replica holds.
    ///
    /// In a write whose scope covers the pools, it holds them until the transaction is over.
    /// - Throws: `Problem` `lease-lost` when the replica's own row has expired by `now`: it holds nothing.
    public func pools(
        _ pools: Set<PoolID>, heldBy replica: String, at now: Timestamp
    ) async throws -> Set<PoolID> {
        try await requireLiving(replica, at: now)
        let pools = pools.sorted()
        let found = try await rows(
            "SELECT 1 AS one FROM leases WHERE name = $1 AND holder = $2",
            forEach: pools.map { [Lease.name(ofPool: $0), replica] })
        return Set(zip(pools, found).filter { !$1.isEmpty }.map(\.0))
    }
}

extension WriteTransaction {
    /// Takes a lease for a replica, unless another's has not expired; the lease as it stands then.
    ///
    /// The write's scope covers the lease's.
    /// - Throws: `Problem` `lease-lost` when the replica's own row has expired: it can hold nothing.
    public func acquireLease(_ name: String, for replica: String) async throws -> Lease {
        let now = try await self.now()
        let own = try await requireLiving(replica, at: now)
        let current = try await lease(name)
        if let current, current.holds(at: now) { return current }
        let lease = Lease(
            name: name, holder: replica, epoch: (current?.epoch ?? 0) + 1, takenAt: now,
            expiresAt: own.expiresAt, holderName: own.name)
        try await run(
            """
            INSERT INTO leases (name, holder, epoch, taken_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch,
                taken_at = excluded.taken_at
            """, name, replica, lease.epoch, now)
        // Whoever has got a pool looks after what is due in it.
        if lease.pool != nil { for signal in [StoreSignal.workers, .deadlines] { self.signal(signal) } }
        return lease
    }

    /// Makes sure that a lease still holds, before anything is written under it. The write's scope covers the
    /// lease's, so that it holds until the transaction is over.
    ///
    /// - Parameter time: for how long it must hold from now on; the transaction alone when it is zero.
    /// - Returns: the moment that the store's clock says.
    /// - Throws: `Problem` `lease-lost` when it expired or another has it: the transaction writes nothing.
    @discardableResult
    public func require(_ lease: Lease, lasting time: Duration = .zero) async throws -> Timestamp {
        let now = try await self.now()
        guard let current = try await self.lease(lease.name), current.epoch == lease.epoch,
            current.holder == lease.holder, current.holds(at: now + time)
        else {
            throw Problem(
                .leaseLost, "the lease \(lease.name) of epoch \(lease.epoch) does not hold any more")
        }
        return now
    }

    /// Gives a lease back before its time; nothing when it is another's by now.
    public func release(_ lease: Lease) async throws {
        let changed = try await run(
            "UPDATE leases SET holder = '' WHERE name = $1 AND holder = $2 AND epoch = $3", lease.name,
            lease.holder, lease.epoch)
        guard changed > 0 else { return }
        signal(lease.pool.map { .pool($0) } ?? .replicas)
    }
}

extension Lease {
    init(row: Row) throws {
        self.init(
            name: try row.text("name"), holder: try row.text("holder"), epoch: try row.integer("epoch"),
            takenAt: try row.time("taken_at"), expiresAt: try row.time("expires_at"),
            holderName: try row.text("holder_name"))
    }
}
