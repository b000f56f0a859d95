import CPostgres

/// The values of a statement as they travel: each with its type, in PostgreSQL's binary form.
struct PostgresParameters {
    private struct Place {
        let start: Int
        let count: Int
    }

    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    private var places: [Place?] = []

    init(_ values: [any SQLConvertible] = []) {
        for value in values { append(value.sqlValue) }
    }

    mutating func append(_ value: SQLValue) {
        types.append(Self.type(of: value))
        guard value != .null else {
            places.append(nil)
            return
        }
        let start = bytes.count
        Self.write(value, to: &bytes)
        close(from: start)
    }

    /// One column of many rows, as an array.
    mutating func append(column: [SQLValue]) {
        let kinds = Set(column.map(Self.type(of:))).subtracting([PostgresType.unknown])
        // Whole numbers among others are numbers too.
        let element =
            kinds.contains(PostgresType.float8) ? PostgresType.float8 : kinds.first ?? PostgresType.text
        types.append(Self.array(of: element))
        let start = bytes.count
        for word in [1, column.contains(.null) ? 1 : 0, Int32(bitPattern: element), Int32(column.count), 1] {
            Self.write(word, to: &bytes)
        }
        for value in column {
            guard value != .null else {
                Self.write(Int32(-1), to: &bytes)
                continue
            }
            let length = bytes.count
            Self.write(Int32(0), to: &bytes)
            if case .integer(let integer) = value, element == PostgresType.float8 {
                Self.write(.real(Double(integer)), to: &bytes)
            } else {
                Self.write(value, to: &bytes)
            }
            let count = UInt32(bytes.count - length - 4)
            for byte in 0..<4 { bytes[length + byte] = UInt8(truncatingIfNeeded: count >> (24 - 8 * byte)) }
        }
        close(from: start)
    }

    /// Lends the parameters as libpq takes them.
    func withPointers<Result>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = places.map { place in place.flatMap { place in start.map { $0 + place.start } } }
            return body(
                values, places.map { Int32($0?.count ?? 0) }, [Int32](repeating: 1, count: places.count))
        }
    }

    /// A byte more than the value has, so that an empty one has an address too.
    private mutating func close(from start: Int) {
        places.append(Place(start: start, count: bytes.count - start))
        bytes.append(0)
    }

    private static func type(of value: SQLValue) -> Oid {
        switch value {
        case .null: PostgresType.unknown
        case .integer: PostgresType.int8
        case .real: PostgresType.float8
        case .text: PostgresType.text
        case .blob: PostgresType.bytea
        }
    }

    private static func array(of type: Oid) -> Oid {
        switch type {
        case PostgresType.int8: 1016
        case PostgresType.float8: 1022
        case PostgresType.bytea: 1001
        default: 1009
        }
    }

    private static func write(_ value: SQLValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: return
        case .integer(let integer): write(integer, to: &bytes)
        case .real(let number): write(Int64(bitPattern: number.bitPattern), to: &bytes)
        case .text(let text): PostgresText.append(text, to: &bytes)
        case .blob(let blob): bytes.append(contentsOf: blob)
        }
    }

    private static func write(_ integer: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
