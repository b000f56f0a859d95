import CSQLite
import Glibc
import MusterCore

/// One connection to the database; used by one thread at a time.
final class SQLiteConnection {
    private let handle: OpaquePointer
    private let path: String
    private var statements: [String: SQLiteStatement] = [:]

    init(path: String, access: StoreAccess) throws(Problem) {
        var opened: OpaquePointer?
        let mode = access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let result = sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard result == SQLITE_OK, let opened else {
            let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw Problem(.storeFailed, "cannot open the database \(path): \(reason)")
        }
        handle = opened
        self.path = path
        sqlite3_busy_timeout(handle, StorePolicy.busyTimeout)
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    /// Lets a statement end with `cancelled` when the task that runs it is cancelled.
    func giveUpWhenCancelled() {
        sqlite3_progress_handler(
            handle, StorePolicy.stepsBetweenLooks, { _ in Task.isCancelled ? 1 : 0 }, nil)
    }

    /// Whether no transaction is open; true after SQLite has rolled one back by itself.
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Runs a statement that gives no rows; how many it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue] = []) throws(Problem) -> Int {
        try run(try prepared(sql), values)
    }

    /// Runs a statement for each list of values.
    func run(_ sql: String, forEach values: [[any SQLConvertible]]) throws(Problem) {
        let statement = try prepared(sql)
        for values in values { _ = try run(statement, values.map(\.sqlValue)) }
    }

    private func run(_ statement: SQLiteStatement, _ values: [SQLValue]) throws(Problem) -> Int {
        defer { statement.reset() }
        try statement.bind(values, failure)
        var result = statement.step()
        while result == SQLITE_ROW { result = statement.step() }
        guard result == SQLITE_DONE else { throw failure() }
        return Int(sqlite3_changes64(handle))
    }

    /// The rows of a query.
    func rows(_ sql: String, _ values: [SQLValue] = []) throws(Problem) -> [Row] {
        try rows(try prepared(sql), values)
    }

    /// The rows of a query for each list of values.
    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) throws(Problem) -> [[Row]] {
        let statement = try prepared(sql)
        var answers: [[Row]] = []
        answers.reserveCapacity(values.count)
        for values in values { answers.append(try rows(statement, values.map(\.sqlValue))) }
        return answers
    }

    private func rows(_ statement: SQLiteStatement, _ values: [SQLValue]) throws(Problem) -> [Row] {
        defer { statement.reset() }
        try statement.bind(values, failure)
        var rows: [Row] = []
        var result = statement.step()
        while result == SQLITE_ROW {
            rows.append(statement.row())
            result = statement.step()
        }
        guard result == SQLITE_DONE else { throw failure() }
        return rows
    }

    /// Runs several statements without values, such as a migration.
    func script(_ sql: String) throws(Problem) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    private func prepared(_ sql: String) throws(Problem) -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        var compiled: OpaquePointer?
        let result = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard result == SQLITE_OK, let compiled else { throw failure() }
        if statements.count >= StorePolicy.statementCache {
            for statement in statements.values { statement.finalize() }
            statements.removeAll(keepingCapacity: true)
        }
        let statement = SQLiteStatement(compiled)
        statements[sql] = statement
        return statement
    }

    private func failure() -> Problem {
        let message = String(cString: sqlite3_errmsg(handle))
        let code = sqlite3_extended_errcode(handle)
        // An error of the file system's says more in its own number.
        let isFull = code & 0xff == SQLITE_IOERR && [ENOSPC, EDQUOT].contains(sqlite3_system_errno(handle))
        switch isFull ? SQLITE_FULL : code & 0xff {
        case SQLITE_INTERRUPT: return Problem(.cancelled, "the work on the database was given up")
        case SQLITE_FULL:
            return Problem(
                .storeFull,
                "the disk of the database is full: make room, and everything goes on by itself")
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM:
            return Problem(
                .storeFailed,
                "the database \(path) cannot be written (\(message)): its disk, its folder and its files must "
                    + "be writable for this user")
        case SQLITE_NOTADB:
            return Problem(
                .storeFailed, "\(path) is no database: name the right state folder, or restore a backup")
        case SQLITE_CORRUPT:
            return Problem(
                .storeFailed,
                "the database \(path) is damaged (\(message)): stop Muster, keep the file, and restore a backup"
            )
        default: return Problem(.storeFailed, "the database failed: \(message) (SQLite \(code))")
        }
    }
}
