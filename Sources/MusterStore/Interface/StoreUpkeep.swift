/// What an engine does for its own care, in its own way and beside everything else: no read and no write
/// waits for it.
public protocol StoreUpkeep: Sendable {
    /// Runs `body` on one moment of the store: for reads that take long, such as a full recount.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result

    /// Looks for damage in what the engine keeps; a sentence for each, none when it is sound.
    ///
    /// - Throws: `Problem` `cancelled` when the task is cancelled meanwhile.
    func damage() async throws -> [String]

    /// Writes a copy of the whole store, of one moment, to the file at `path`, and makes sure that it can be
    /// used.
    ///
    /// The file is there whole or not at all, only its owner can read it, and it survives a power cut.
    /// - Parameter replacing: whether a backup that is there already is replaced.
    /// - Throws: `Problem` `conflict` when something is there that is not to be replaced, `unavailable` from
    ///   an engine that is backed up by other means, with a message that says by which, `cancelled`.
    func backUp(to path: String, replacing: Bool) async throws -> BackupFacts
}

/// A backup that was made and can be used.
public struct BackupFacts: Codable, Hashable, Sendable {
    /// The file.
    public var path: String
    /// Its size.
    public var bytes: Int64
    /// The last step of the schema's history that it has.
    public var schema: String

    /// Makes facts.
    public init(path: String, bytes: Int64, schema: String) {
        self.path = path
        self.bytes = bytes
        self.schema = schema
    }
}
