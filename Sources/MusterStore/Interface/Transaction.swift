public import MusterCore

/// Reads within one moment of the store.
///
/// SQL is what SQLite and PostgreSQL share, with `$1`, `$2`, ... for values.
public protocol ReadTransaction: AnyObject {
    /// The rows that a query gives.
    func rows(_ sql: String, _ values: [any SQLConvertible]) async throws -> [Row]

    /// The rows that a query gives for each list of values, in the order of the lists. However many there are,
    /// an engine behind a network is asked once.
    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) async throws -> [[Row]]
}

/// Changes the store, all or nothing.
public protocol WriteTransaction: ReadTransaction {
    /// Runs a statement; how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [any SQLConvertible]) async throws -> Int

    /// Changes a row for each list of values.
    ///
    /// An engine behind a network sends it along with what comes next: what is wrong with it may be thrown there,
    /// or by the write as a whole.
    func change(_ change: BulkChange, _ values: [[any SQLConvertible]]) async throws

    /// Makes sure that nobody else decides by these limits, which belong to no scope, until this transaction is
    /// over. To be done before they are read; names that do not exist are passed over.
    func lock(limits: Set<String>) async throws

    /// Tells whoever waits for it, once the transaction has been committed.
    func signal(_ signal: StoreSignal)

    /// The moment that the store's own clock says, by which leases are judged.
    func now() async throws -> Timestamp
}

extension ReadTransaction {
    /// The rows that a query gives.
    public func rows(_ sql: String, _ values: any SQLConvertible...) async throws -> [Row] {
        try await rows(sql, values)
    }

    /// The first row that a query gives; nil for none.
    public func row(_ sql: String, _ values: any SQLConvertible...) async throws -> Row? {
        try await rows(sql, values).first
    }
}

extension WriteTransaction {
    /// Runs a statement; how many rows it changed.
    @discardableResult
    public func run(_ sql: String, _ values: any SQLConvertible...) async throws -> Int {
        try await run(sql, values)
    }
}
