import CPostgres

/// The types of PostgreSQL that Muster's values have, and those that its own sums and counts give.
///
/// The numbers are part of PostgreSQL's protocol.
enum PostgresType {
    /// The server finds out by itself: for nulls.
    static let unknown: Oid = 0
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
}
