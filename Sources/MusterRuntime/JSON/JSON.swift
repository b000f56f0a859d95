public import MusterCore

/// JSON on its way in and out.
public enum JSON {
    /// Reads one JSON text as a document whose values and names know their lines.
    ///
    /// Strict: RFC 8259 and nothing more, names unique, at most 64 levels, valid UTF-8, no byte-order mark.
    /// Integers stay integers; numbers that would lose digits or overflow are refused.
    /// - Throws: `Problem` `input-malformed` with the line.
    public static func document(_ bytes: [UInt8]) throws(Problem) -> Document {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Problem) in
            var parser = JSONParser(buffer)
            return try parser.parse()
        }
    }
}
