import MusterCore
import MusterRuntime

/// Care of a PostgreSQL database, on a connection of its own for each piece of it.
struct PostgresUpkeep: StoreUpkeep {
    let connector: PostgresConnector

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        let session = PostgresSession(connector, label: "muster.store.upkeep", for: .care)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await session.read(givingUp: true, body))
        } catch {
            result = .failure(error)
        }
        await session.close()
        return try result.get()
    }

    /// What the server itself has noticed: PostgreSQL's own tools look at every page.
    func damage() async throws -> [String] {
        try await read { transaction in
            var found: [String] = []
            let indexes = try await transaction.rows(
                """
                SELECT c.relname::text AS name FROM pg_catalog.pg_index AS i
                JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
                JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                WHERE NOT i.indisvalid AND n.nspname = current_schema() ORDER BY c.relname LIMIT $1
                """, StorePolicy.damageReported)
            for row in indexes {
                found.append("the index \(try row.text("name")) is not valid: REINDEX it")
            }
            let failures = try await transaction.row(
                """
                SELECT coalesce(sum(checksum_failures), 0) AS failures FROM pg_catalog.pg_stat_database
                WHERE datname = current_database()
                """)
            if let failures = try failures?.integer("failures"), failures > 0 {
                found.append("the server has found \(failures) pages whose checksum is wrong: see its log")
            }
            return found
        }
    }

    func backUp(to path: String, replacing: Bool) async throws -> BackupFacts {
        throw Problem(
            .unavailable,
            "a PostgreSQL database is backed up by PostgreSQL's means: pg_dump --format=custom --file=\(path), or "
                + "archived write-ahead logs")
    }
}
