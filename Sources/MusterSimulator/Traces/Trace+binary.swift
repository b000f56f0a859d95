import MusterCore

extension Trace {
    /// Bytes of a record.
    private static let recordSize = 8

    /// Reads records of two big-endian unsigned 32-bit integers: arrival and duration in milliseconds.
    ///
    /// - Throws: `Problem` `input-malformed` that names the record, counted from 1.
    init(name: String, binary bytes: [UInt8]) throws(Problem) {
        guard bytes.count % Self.recordSize == 0 else {
            throw Problem(
                .inputMalformed,
                "\(name) has \(bytes.count) bytes, which is no whole number of records of \(Self.recordSize): it is "
                    + "cut off, or no recorded workload")
        }
        var raw: [Raw] = []
        raw.reserveCapacity(bytes.count / Self.recordSize)
        for start in stride(from: 0, to: bytes.count, by: Self.recordSize) {
            let task = Raw(
                arrival: Self.number(bytes[start..<start + 4]),
                duration: Self.number(bytes[start + 4..<start + Self.recordSize]))
            if let last = raw.last, task.arrival < last.arrival {
                throw Problem(
                    .inputMalformed,
                    "record \(raw.count + 1) of \(name) arrives before the one ahead of it: arrivals must ascend",
                    field: "arrival")
            }
            raw.append(task)
        }
        try self.init(name: name, raw)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
}
