import CSQLite
import MusterCore

/// SQLite with nothing around it, as durable as Muster's.
final class PlainDatabase {
    private let handle: OpaquePointer
    private var statements: [OpaquePointer] = []

    /// Makes a database at `path`, and prepares statements that `run` knows by their places.
    init(path: String, script: String, statements words: [String]) throws(Problem) {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw Problem(.storeFailed, "cannot open the database \(path)")
        }
        handle = opened
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
        guard sqlite3_exec(handle, settings + script, nil, nil, nil) == SQLITE_OK else { throw failure }
        for sql in words {
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

    /// Runs a statement to its end; the first column of its rows, as whole numbers.
    @discardableResult
    func run(_ place: Int) throws(Problem) -> [Int64] {
        let statement = statements[place]
        defer { sqlite3_reset(statement) }
        var values: [Int64] = []
        var result = sqlite3_step(statement)
        while result == SQLITE_ROW {
            values.append(sqlite3_column_int64(statement, 0))
            result = sqlite3_step(statement)
        }
        guard result == SQLITE_DONE else { throw failure }
        return values
    }

    private var failure: Problem {
        Problem(.storeFailed, "the baseline's database failed: \(String(cString: sqlite3_errmsg(handle)))")
    }
}
