public import MusterCore

/// YAML on its way in: the part of YAML 1.2 that says the same as JSON does.
///
/// Anchors, aliases, tags other than `!!str`, names that are no scalars, names that appear twice, more
/// than 64 levels and more than 8 MiB are refused, each with its line. Plain scalars follow the core
/// schema, except that integers with leading zeros are refused: YAML 1.1 read them as octal, and as an
/// account number they would lose their zeros.
public enum YAML {
    /// Reads the one document of `bytes`; empty input reads as null.
    ///
    /// - Throws: `Problem` `input-malformed` with the line.
    public static func document(_ bytes: [UInt8]) throws(Problem) -> Document {
        let documents = try documents(bytes)
        guard documents.count <= 1 else {
            throw Problem(
                .inputMalformed, "only one YAML document is expected here, and a second one begins",
                line: documents[1].line)
        }
        return documents.first ?? Document(.null, line: 1)
    }

    /// Reads all documents of `bytes`, which lines of `---` separate.
    ///
    /// - Throws: `Problem` `input-malformed` with the line.
    public static func documents(_ bytes: [UInt8]) throws(Problem) -> [Document] {
        guard bytes.count <= RuntimePolicy.largestYAML else {
            throw Problem(
                .inputMalformed, "a YAML text may have at most \(RuntimePolicy.largestYAML) bytes",
                line: 1)
        }
        return try bytes.withUnsafeBufferPointer { (buffer) throws(Problem) in
            try refuseTagDirectives(buffer)
            return try YAMLComposer(YAMLEvents(buffer)).documents()
        }
    }

    /// libyaml compares each `%TAG` with all before it, so that a file of nothing else would keep it busy
    /// for minutes; and what they define is refused anyway.
    private static func refuseTagDirectives(_ buffer: UnsafeBufferPointer<UInt8>) throws(Problem) {
        let directive: [UInt8] = Array("%TAG".utf8)
        var line = 1
        var atLineStart = true
        for (index, byte) in buffer.enumerated() {
            if atLineStart, byte == directive[0], buffer[index...].starts(with: directive) {
                throw Problem(.inputMalformed, "%TAG directives are not supported", line: line)
            }
            atLineStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
    }
}
