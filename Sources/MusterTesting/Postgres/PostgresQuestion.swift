import CPostgres
import Dispatch

/// SQL for a server, asked on a connection of its own and on a thread that may wait.
public enum PostgresQuestion {
    /// The first column of the answer.
    ///
    /// - Parameter database: its connection string.
    @discardableResult
    public static func ask(_ sql: String, in database: String) async throws -> [String] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { () throws(PostgresServer.Failure) in try wait(sql, database) })
            }
        }
    }

    private static func wait(_ sql: String, _ database: String) throws(PostgresServer.Failure) -> [String] {
        let connection = PQconnectdb(database)
        defer { PQfinish(connection) }
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw PostgresServer.Failure(description: String(cString: PQerrorMessage(connection)))
        }
        return (0..<PQntuples(result)).map { String(cString: PQgetvalue(result, $0, 0)) }
    }
}
