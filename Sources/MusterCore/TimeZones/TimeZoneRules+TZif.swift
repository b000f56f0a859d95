extension TimeZoneRules {
    /// Reads a file of the IANA database: TZif of version 2 or later (RFC 9636).
    ///
    /// Abbreviations and marks of what is daylight saving are passed over. Files that count leap seconds, those below
    /// `right/`, are refused: by them every moment would be off by half a minute.
    /// - Throws: `Problem` `input-malformed`; whatever the bytes are.
    public init(tzif bytes: [UInt8]) throws(Problem) {
        var reader = TZifReader(bytes)
        let old = try TZifHeader(&reader)
        guard old.version >= UInt8(ascii: "2") else {
            throw .tzif("is of the first version, which ends in 2037")
        }
        try reader.skip(old.size(timeSize: 4))
        let header = try TZifHeader(&reader)
        guard header.leapSeconds == 0 else { throw .tzif("counts leap seconds") }
        guard (1...256).contains(header.types) else {
            throw .tzif("has \(header.types) kinds of local time")
        }
        guard header.size(timeSize: 8) <= reader.left else { throw .tzif("ends too early") }

        var moments: [Int64] = []
        for _ in 0..<header.changes { moments.append(try reader.integer(Int64.self)) }
        let kinds = try reader.bytes(header.changes)
        var offsets: [Int64] = []
        for _ in 0..<header.types {
            offsets.append(Int64(try reader.integer(Int32.self)))
            try reader.skip(2)
        }
        guard offsets.allSatisfy({ abs($0) <= Self.farthest }) else {
            throw .tzif("is more than a day from universal time")
        }
        try reader.skip(header.abbreviations + header.standardMarks + header.universalMarks)
        let footer = try reader.line()

        var changes: [Change] = []
        for (moment, kind) in zip(moments, kinds) {
            guard offsets.indices.contains(Int(kind)) else {
                throw .tzif("names a kind of local time that it does not have")
            }
            guard abs(moment.clamped) < Self.endOfTime, changes.last.map({ $0.at < moment }) ?? true else {
                throw .tzif("has changes out of order")
            }
            changes.append(Change(at: moment, offset: offsets[Int(kind)]))
        }
        self.init(
            changes: changes, earliest: offsets[0],
            recurring: footer.isEmpty ? nil : try RecurringChanges(posix: footer))
    }

    /// Seconds: files begin with the origin of the universe at the earliest, at -2^59.
    private static let endOfTime: Int64 = 1 << 60
}

/// What stands before each of the two blocks of a file.
private struct TZifHeader {
    let version: UInt8
    let universalMarks: Int
    let standardMarks: Int
    let leapSeconds: Int
    let changes: Int
    let types: Int
    let abbreviations: Int

    init(_ reader: inout TZifReader) throws(Problem) {
        guard try reader.bytes(4).elementsEqual("TZif".utf8) else {
            throw .tzif("does not begin as one does")
        }
        version = try reader.bytes(1).first ?? 0
        try reader.skip(15)
        universalMarks = try reader.count()
        standardMarks = try reader.count()
        leapSeconds = try reader.count()
        changes = try reader.count()
        types = try reader.count()
        abbreviations = try reader.count()
    }

    /// The bytes of the block that follows. Counts are of 32 bits, so that no sum of them overflows.
    func size(timeSize: Int) -> Int {
        changes * (timeSize + 1) + types * 6 + abbreviations + leapSeconds * (timeSize + 4) + standardMarks
            + universalMarks
    }
}

/// Reads bytes from front to back, and never beyond their end.
private struct TZifReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var left: Int { rest.count }

    mutating func bytes(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .tzif("ends too early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) throws(Problem) { _ = try bytes(count) }

    /// A whole number, the most significant byte first.
    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(Problem) -> Integer {
        try bytes(Integer.bitWidth / 8).reduce(0) { $0 << 8 | Integer(truncatingIfNeeded: $1) }
    }

    mutating func count() throws(Problem) -> Int { Int(try integer(UInt32.self)) }

    /// What stands between a line's end and the next one: of the footer there is nothing else.
    mutating func line() throws(Problem) -> String {
        guard try bytes(1).first == UInt8(ascii: "\n") else { throw .tzif("has no footer") }
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw .tzif("ends too early") }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}

extension Problem {
    fileprivate static func tzif(_ fault: String) -> Problem {
        Problem(.inputMalformed, "the time zone's file \(fault)")
    }
}

extension Int64 {
    /// The same, with a magnitude that is a number of the same size.
    fileprivate var clamped: Int64 { Swift.max(self, -.max) }
}
