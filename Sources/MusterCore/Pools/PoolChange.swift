/// What a definition changes about a pool, for people to read before and after.
public struct PoolChange: Codable, Hashable, Sendable {
    /// The pool.
    public var workerPoolId: PoolID
    /// What changes, in order.
    public var changes: [Entry]

    /// One thing that changes.
    public struct Entry: Codable, Hashable, Sendable {
        /// What: a field, or `launch config ID`.
        public var what: String
        /// How: `created`, `archived`, or `OLD → NEW`.
        public var how: String
        /// Whether something comes, goes, or stays and is different.
        public var kind: Kind

        /// What kinds of changes there are.
        public enum Kind: String, Codable, CaseIterable, Sendable { case added, changed, removed }

        /// Notes a change.
        public init(_ what: String, _ how: String, _ kind: Kind = .changed) {
            self.what = what
            self.how = how
            self.kind = kind
        }
    }

    /// Gathers changes.
    public init(_ pool: PoolID, _ changes: [Entry]) {
        workerPoolId = pool
        self.changes = changes
    }

    /// Whether nothing changes.
    public var isEmpty: Bool { changes.isEmpty }

    /// The changes as an audit keeps them.
    public var document: Document {
        .object(["changes": Document(.array(changes.map { .string("\($0.what): \($0.how)") }))])
    }

    /// Notes a field whose value differs.
    public mutating func note(
        _ what: String, _ old: some Equatable & CustomStringConvertible,
        _ new: some Equatable & CustomStringConvertible
    ) {
        if old.description != new.description { changes.append(Entry(what, "\(old) → \(new)")) }
    }
}
