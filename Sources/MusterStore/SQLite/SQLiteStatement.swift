import CSQLite
import MusterCore

/// A compiled statement and what its names mean.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private let columns: ColumnNames
    /// Where `$1`, `$2`, ... are bound; SQLite counts them by first appearance.
    private let places: [Int32]

    init(_ handle: OpaquePointer) {
        self.handle = handle
        columns = ColumnNames(
            (0..<sqlite3_column_count(handle)).map { index in
                sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
            })
        var places: [Int32] = []
        while case let place = sqlite3_bind_parameter_index(handle, "$\(places.count + 1)"), place > 0 {
            places.append(place)
        }
        self.places = places
    }

    func bind(_ values: [SQLValue], _ failure: () -> Problem) throws(Problem) {
        guard values.count == places.count else {
            throw Problem(.storeFailed, "a statement takes \(places.count) values, not \(values.count)")
        }
        for (value, place) in zip(values, places) {
            let result =
                switch value {
                case .null: sqlite3_bind_null(handle, place)
                case .integer(let integer): sqlite3_bind_int64(handle, place, integer)
                case .real(let number): sqlite3_bind_double(handle, place, number)
                case .text(var text):
                    text.withUTF8 { bytes in
                        bytes.withMemoryRebound(to: CChar.self) {
                            // A null pointer would bind NULL: an empty string has an address all the same.
                            muster_bind_text(handle, place, $0.baseAddress ?? emptyText, UInt64($0.count))
                        }
                    }
                case .blob(let bytes):
                    bytes.withUnsafeBytes {
                        $0.isEmpty
                            ? sqlite3_bind_zeroblob(handle, place, 0)
                            : muster_bind_blob(handle, place, $0.baseAddress, UInt64($0.count))
                    }
                }
            guard result == SQLITE_OK else { throw failure() }
        }
    }

    func step() -> Int32 { sqlite3_step(handle) }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func finalize() { sqlite3_finalize(handle) }

    func row() -> Row {
        Row(columns: columns, values: (0..<sqlite3_column_count(handle)).map(value))
    }

    private func value(_ index: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            guard let bytes = sqlite3_column_text(handle, index) else { return .text("") }
            let count = Int(sqlite3_column_bytes(handle, index))
            return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let bytes = sqlite3_column_blob(handle, index) else { return .blob([]) }
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default: return .null
        }
    }
}

/// An address to bind empty text from; never read, since the count is 0.
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    pointer.initialize(to: 0)
    return UnsafePointer(pointer)
}()
