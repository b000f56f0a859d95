import MusterCore
import MusterRuntime
import MusterStore

/// Which database holds the state.
enum DatabaseSettings: Hashable, Sendable {
    /// A file of the state folder, for one process at a time.
    case file
    /// A PostgreSQL database, for any number of processes.
    case postgres(PostgresSettings)

    /// Reads the key `database`; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, secrets: [String: SecretPlaces.Place]) {
        let url = reader.string("url")
        let password = reader.string("password")
        reader.refuseUnknown()
        if let password, secrets[password] == nil {
            reader.refuse("password", "must be the name of a secret that is defined under secrets")
        }
        guard let url else {
            if password != nil { reader.refuse("url", "is missing") }
            self = .file
            return
        }
        do throws(Problem) {
            self = try .parsed(url, password: password)
        } catch {
            reader.refuse("url", error.message)
            self = .file
        }
    }

    /// What a connection string means.
    ///
    /// - Parameter password: the name of the secret that holds the password, for a string without one.
    /// - Throws: `Problem` `input-invalid`, which never repeats the string.
    static func parsed(_ url: String, password: String?) throws(Problem) -> DatabaseSettings {
        _ = try PostgresAddress(url)
        return .postgres(PostgresSettings(url: url, password: password))
    }

    /// Whether any number of processes may have it at once.
    var isShared: Bool { self != .file }
}

/// How a PostgreSQL database is reached. Shows nothing of itself: the string may hold a password.
struct PostgresSettings: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The connection string, as libpq understands it.
    let url: String
    /// The name of the secret that holds the password.
    let password: String?

    var description: String { "PostgreSQL" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// The address with its password, read now.
    ///
    /// - Throws: as `SecretPlaces.read`.
    func address(_ secrets: SecretPlaces) throws(Problem) -> PostgresAddress {
        guard let password else { return try PostgresAddress(url) }
        return try PostgresAddress(url, password: try secrets.read(password))
    }
}
