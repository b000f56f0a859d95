import Glibc
import MusterCore
import MusterRuntime
import MusterTesting

/// The PostgreSQL database that benchmarks share, each in schemas of its own: a new server's, or one that
/// `--database` names.
actor PostgresGround {
    private let given: String?
    private let folder: String
    private var opened: Task<(server: PostgresServer?, database: String), any Error>?
    private var made: [PostgresSchemaPlace] = []

    /// Names the database; nothing is started before it is asked for.
    ///
    /// - Parameter folder: below which a new server keeps its files.
    init(given: String?, folder: String) {
        self.given = given
        self.folder = folder
    }

    /// Makes an empty schema.
    func schema() async throws -> PostgresSchemaPlace {
        let database = try await database
        // Nobody else's, should the database be used by others.
        let name = "muster_bench_\(getpid())_\(made.count + 1)"
        let place = PostgresSchemaPlace(database: database, name: name)
        made.append(place)
        try await PostgresQuestion.ask("CREATE SCHEMA \(name)", in: database)
        return place
    }

    /// Writes everything to the disk that waits for it, so that it is not done while something else is measured.
    func checkpoint() async throws { try await PostgresQuestion.ask("CHECKPOINT", in: database) }

    /// The server's version, such as `15.20`; nil when no benchmark wanted one.
    func version() async throws -> String? {
        guard opened != nil else { return nil }
        return try await PostgresQuestion.ask("SHOW server_version", in: database).first.map { version in
            String(version.prefix { $0 != " " })
        }
    }

    /// Removes what was made.
    func close() async {
        guard let opened = try? await opened?.value else { return }
        if let server = opened.server {
            await server.stop()
        } else {
            for place in made { try? await place.remove() }
        }
    }

    private var database: String {
        get async throws {
            let (given, folder) = (given, folder)
            let opening =
                opened
                ?? Task {
                    if let given { return (nil, given) }
                    let server = try await PostgresServer(for: .measurements, in: folder)
                    return (server, try await server.emptyDatabase())
                }
            opened = opening
            return try await opening.value.database
        }
    }
}

/// A schema of a database.
struct PostgresSchemaPlace: Hashable, Sendable {
    /// The database's connection string.
    let database: String
    let name: String

    /// A connection string by which the schema's tables are found by their names.
    var address: String {
        guard database.hasPrefix("postgresql://") || database.hasPrefix("postgres://") else {
            return "\(database) options=-csearch_path=\(name)"
        }
        return "\(database)\(database.contains("?") ? "&" : "?")options=-csearch_path%3D\(name)"
    }

    /// Runs SQL in it; the first column of the answer.
    @discardableResult
    func ask(_ sql: String) async throws -> [String] { try await PostgresQuestion.ask(sql, in: address) }

    /// Removes it with everything in it.
    func remove() async throws {
        try await ask("SET client_min_messages = warning; DROP SCHEMA IF EXISTS \(name) CASCADE")
    }
}
