import CPostgres
import MusterCore

/// An answer of the server to one statement.
struct PostgresAnswer {
    /// The rows of a query.
    var rows: [Row] = []
    /// How many rows the statement changed.
    var changed = 0
    /// What the server says that it did: `COMMIT`.
    var tag = ""

    init() {}

    /// Takes over what `result` says; `columns` are those of an earlier answer to the same statement.
    init(_ result: OpaquePointer, columns: inout ColumnNames?) {
        tag = String(cString: PQcmdStatus(result))
        changed = Int(String(cString: PQcmdTuples(result))) ?? 0
        let width = PQnfields(result)
        guard width > 0 else { return }
        let names =
            columns
            ?? ColumnNames((0..<width).map { PQfname(result, $0).map { String(cString: $0) } ?? "" })
        columns = names
        let types = (0..<width).map { PQftype(result, $0) }
        let height = PQntuples(result)
        rows.reserveCapacity(Int(height))
        for row in 0..<height {
            rows.append(
                Row(
                    columns: names,
                    values: types.indices.map { Self.value(result, row, Int32($0), types[$0]) }))
        }
    }

    private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid) -> SQLValue
    {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
            return .null
        }
        let count = Int(PQgetlength(result, row, column))
        return start.withMemoryRebound(to: UInt8.self, capacity: count) {
            value(UnsafeBufferPointer(start: $0, count: count), type)
        }
    }

    private static func value(_ bytes: UnsafeBufferPointer<UInt8>, _ type: Oid) -> SQLValue {
        switch type {
        case PostgresType.int2, PostgresType.int4, PostgresType.int8, PostgresType.oid:
            integer(bytes) ?? .text(PostgresText.text(bytes))
        case PostgresType.numeric:
            // A sum of integers is one; it has no digits behind a point.
            integer(bytes) ?? real(bytes)
        case PostgresType.float4, PostgresType.float8: real(bytes)
        case PostgresType.bool: .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
        case PostgresType.bytea: .blob(blob(bytes))
        default: .text(PostgresText.text(bytes))
        }
    }

    private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> SQLValue? {
        var digits = bytes[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        // Counted downwards, since there is one more negative number.
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, isTooLong) = value.multipliedReportingOverflow(by: 10)
            let (next, isTooLarge) = tens.subtractingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !isTooLong, !isTooLarge else { return nil }
            value = next
        }
        if isNegative { return .integer(value) }
        return value == .min ? nil : .integer(-value)
    }

    private static func real(_ bytes: UnsafeBufferPointer<UInt8>) -> SQLValue {
        let text = String(decoding: bytes, as: UTF8.self)
        return Double(text).map(SQLValue.real) ?? .text(text)
    }

    /// From PostgreSQL's form: `\x` and two digits a byte.
    private static func blob(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte <= UInt8(ascii: "9") ? byte - 48 : (byte | 32) - 87 }
        return stride(from: 2, to: bytes.count - 1, by: 2).map {
            digit(bytes[$0]) << 4 | digit(bytes[$0 + 1])
        }
    }
}
