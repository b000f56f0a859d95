import MusterCore

/// How the store's schema stands to what this program knows.
public struct SchemaState: Hashable, Sendable {
    /// The steps that the store has, oldest first.
    public var applied: [String]
    /// The steps that it lacks.
    public var missing: [String]
    /// The steps that a newer program has made.
    public var unknown: [String]

    init(applied: [String], history: [Migration] = Migration.all) {
        let known = history.map(\.id)
        self.applied = known.filter(applied.contains)
        missing = known.filter { !applied.contains($0) }
        unknown = applied.filter { !known.contains($0) }.sorted()
    }

    /// Whether the store is what this program makes of it.
    public var isCurrent: Bool { missing.isEmpty && unknown.isEmpty }
}

extension ReadTransaction {
    /// How the store's schema stands.
    public func schemaState() async throws -> SchemaState {
        SchemaState(applied: try await rows("SELECT id FROM migrations").map { try $0.text("id") })
    }
}
