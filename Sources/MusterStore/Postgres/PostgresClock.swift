import MusterCore
import MusterRuntime

/// How the server's time is asked for.
enum PostgresClock {
    /// Milliseconds since 1970, at the moment of the question and not of its transaction.
    static let question = PostgresCommand(
        "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now")
}
