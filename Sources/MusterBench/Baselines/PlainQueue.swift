import CSQLite
import MusterCore

/// The least that a queue on SQLite can do: claims of single rows, each in a transaction of its own, as durable
/// as Muster's and with nothing around them. The baseline.
final class PlainQueue: SingleRowQueue {
    private let handle: OpaquePointer
    private var statements: [OpaquePointer] = []
    private var claimed: Int64 = 0

    /// Makes a database at `path` with queued rows about as long as a task.
    init(path: String, rows: Int) throws(Problem) {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw Problem(.storeFailed, "cannot open the database \(path)")
        }
        handle = opened
        try run(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA cache_size = -65536;
            CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT NOT NULL, payload TEXT NOT NULL,
                worker TEXT, started_at INTEGER);
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(rows))
            INSERT INTO jobs (id, state, payload) SELECT n, 'queued', hex(zeroblob(50)) FROM numbers;
            CREATE INDEX jobs_queued ON jobs (id) WHERE state = 'queued';
            PRAGMA wal_checkpoint (TRUNCATE);
            """)
        for sql in [
            "BEGIN IMMEDIATE",
            """
            UPDATE jobs SET state = 'running', worker = 'w', started_at = 1
            WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1) RETURNING id, payload
            """, "COMMIT",
        ] {
            var compiled: OpaquePointer?
            guard sqlite3_prepare_v2(handle, sql, -1, &compiled, nil) == SQLITE_OK, let compiled else {
                throw failure
            }
            statements.append(compiled)
        }
    }

    deinit {
        for statement in statements { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Claims one row in a transaction of its own.
    func claim() throws(Problem) {
        var rows = 0
        for statement in statements {
            var result = sqlite3_step(statement)
            while result == SQLITE_ROW {
                rows += 1
                result = sqlite3_step(statement)
            }
            sqlite3_reset(statement)
            guard result == SQLITE_DONE else { throw failure }
        }
        guard rows == 1 else { throw Problem(.storeFailed, "the baseline's queue is empty") }
        claimed += 1
    }

    /// Claims rows one after another; how many a second.
    func rate(of count: Int) throws(Problem) -> Double {
        let watch = Stopwatch()
        for _ in 0..<count { try claim() }
        return Double(count) / watch.seconds
    }

    func check() throws(Problem) {
        // Each claim has made sure of its row by itself; what it wrote has to be there.
        var statement: OpaquePointer?
        let sql = "SELECT count(*) FROM jobs WHERE state = 'running'"
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { throw failure }
        guard sqlite3_column_int64(statement, 0) == claimed else {
            throw Problem(.internalError, "the baseline's queue served a row twice")
        }
    }

    private func run(_ script: String) throws(Problem) {
        guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    private var failure: Problem {
        Problem(.storeFailed, "the baseline's database failed: \(String(cString: sqlite3_errmsg(handle)))")
    }
}
