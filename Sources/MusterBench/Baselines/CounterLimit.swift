import MusterCore

/// A limit that is a number in a row: taken and given back by one statement each, in a transaction of its own.
/// Nobody waits, nothing ends by itself, and nobody knows who holds it.
protocol CounterLimit {
    /// Takes and gives back so many times as quickly as can be; steps of either kind a second.
    func rate(of count: Int) async throws -> Double
}

private enum CounterSQL {
    static func table(_ whole: String) -> String {
        "CREATE TABLE counters (id \(whole) PRIMARY KEY, slots \(whole) NOT NULL, held \(whole) NOT NULL);"
            + "INSERT INTO counters VALUES (1, \(BenchPolicy.limitSlots), 0);"
    }
    static let take = "UPDATE counters SET held = held + 1 WHERE id = 1 AND held < slots"
    static let giveBack = "UPDATE counters SET held = held - 1 WHERE id = 1 AND held > 0"
}

/// On SQLite, over one connection.
final class PlainCounterLimit: CounterLimit {
    private let database: PlainDatabase

    /// Makes a database at `path`.
    init(path: String) throws(Problem) {
        database = try PlainDatabase(
            path: path, script: CounterSQL.table("INTEGER"),
            statements: [CounterSQL.take, CounterSQL.giveBack])
    }

    func rate(of count: Int) throws(Problem) -> Double {
        let watch = Stopwatch()
        for _ in 0..<count / 2 {
            try database.run(0)
            try database.run(1)
        }
        return Double(count / 2 * 2) / watch.seconds
    }
}

/// On PostgreSQL, over several connections.
struct PostgresCounterLimit: CounterLimit {
    private let program: PgBench

    /// Makes a table.
    init(in place: PostgresSchemaPlace, folder: String) async throws {
        program = try PgBench(on: place, in: folder)
        try await place.ask(CounterSQL.table("BIGINT"))
    }

    func rate(of count: Int) async throws -> Double {
        let clients = BenchPolicy.baselineClients
        let script = "\(CounterSQL.take);\n\(CounterSQL.giveBack);\n"
        return 2 * (try await program.rate(of: script, clients: clients, times: count / 2 / clients))
    }
}
