import MusterCore

/// The least that a queue on SQLite can do: claims of single rows, each in a transaction of its own, as durable
/// as Muster's and with nothing around them. The baseline.
final class PlainQueue: SingleRowQueue {
    private let database: PlainDatabase
    private var claimed: Int64 = 0

    /// Makes a database at `path` with queued rows about as long as a task.
    init(path: String, rows: Int) throws(Problem) {
        database = try PlainDatabase(
            path: path,
            script: """
                CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT NOT NULL, payload TEXT NOT NULL,
                    worker TEXT, started_at INTEGER);
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(rows))
                INSERT INTO jobs (id, state, payload) SELECT n, 'queued', hex(zeroblob(50)) FROM numbers;
                CREATE INDEX jobs_queued ON jobs (id) WHERE state = 'queued';
                PRAGMA wal_checkpoint (TRUNCATE);
                """,
            statements: [
                "BEGIN IMMEDIATE",
                """
                UPDATE jobs SET state = 'running', worker = 'w', started_at = 1
                WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1)
                RETURNING id, payload
                """,
                "COMMIT", "SELECT count(*) FROM jobs WHERE state = 'running'",
            ])
    }

    /// Claims one row in a transaction of its own.
    func claim() throws(Problem) {
        try database.run(0)
        let rows = try database.run(1)
        try database.run(2)
        guard rows.count == 1 else { throw Problem(.storeFailed, "the baseline's queue is empty") }
        claimed += 1
    }

    /// Claims rows one after another; how many a second.
    func rate(of count: Int) throws(Problem) -> Double {
        let watch = Stopwatch()
        for _ in 0..<count { try claim() }
        return Double(count) / watch.seconds
    }

    func check() throws(Problem) {
        guard try database.run(3) == [claimed] else {
            throw Problem(.internalError, "the baseline's queue served a row twice")
        }
    }
}
