import MusterCore

/// The advisory locks that make writes of overlapping scopes follow one another, whichever process they are of.
///
/// They last until the transaction's end. Each scope has its key; all but the whole store's hold that one's
/// shared, so that it waits for all and all for it. Keys are taken in ascending order, so that no two
/// transactions wait for each other.
struct PostgresLocks: Hashable, Sendable {
    private let whole: Int64
    private let own: [Int64]

    init(_ scope: WriteScope, in schema: String) {
        whole = Self.key(schema, "store", "")
        switch scope {
        case .store: own = []
        case .pool(let pool): own = [Self.key(schema, "pool", pool.rawValue)]
        case .pools(let pools): own = Self.keys(schema, of: pools)
        case .named(let name): own = [Self.key(schema, "name", name)]
        case .both(let name, let pools):
            let keys = Self.keys(schema, of: pools)
            own = pools.isEmpty || !keys.isEmpty ? Set(keys + [Self.key(schema, "name", name)]).sorted() : []
        }
    }

    /// The keys of pools; none, which stands for the whole store, when so many would fill the server's table of
    /// locks.
    private static func keys(_ schema: String, of pools: Set<PoolID>) -> [Int64] {
        guard pools.count <= StorePolicy.postgresLocksPerTransaction else { return [] }
        return Set(pools.map { key(schema, "pool", $0.rawValue) }).sorted()
    }

    /// What begins the transaction.
    ///
    /// At READ COMMITTED each statement sees what was committed before it began: what stands behind the locks
    /// sees all that their last holders wrote.
    var opening: [PostgresCommand] {
        [PostgresCommand("BEGIN ISOLATION LEVEL READ COMMITTED")] + locking
    }

    private var locking: [PostgresCommand] {
        guard let last = own.last else {
            return [PostgresCommand("SELECT pg_advisory_xact_lock($1), \(Self.number)", [whole])]
        }
        guard own.count > 1 else {
            let sql = "SELECT pg_advisory_xact_lock_shared($1), pg_advisory_xact_lock($2), \(Self.number)"
            return [PostgresCommand(sql, [whole, last])]
        }
        return [PostgresCommand("SELECT pg_advisory_xact_lock_shared($1), \(Self.number)", [whole])]
            + own.map { PostgresCommand("SELECT pg_advisory_xact_lock($1)", [$0]) }
    }

    /// The transaction counts as one that writes before it has written an event: see `NumberingFloor`.
    private static let number = "pg_current_xact_id()::text"

    /// The key of a lock by its name: the same in every process and every version. Two names of one key, which
    /// are not to be expected, wait for each other without need.
    static func key(_ schema: String, _ kind: String, _ name: String) -> Int64 {
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "muster\u{0}\(schema)\u{0}\(kind)\u{0}\(name)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}
