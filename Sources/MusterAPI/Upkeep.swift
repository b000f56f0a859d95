/// `POST /api/muster/v1/backup`: writes a copy of the database.
public struct BackupRequest: Codable, Sendable {
    /// Where to, absolute.
    public var path: String
    /// Whether a backup that is there already is replaced.
    public var replacing: Bool

    /// Makes a request.
    public init(path: String, replacing: Bool) {
        self.path = path
        self.replacing = replacing
    }
}
