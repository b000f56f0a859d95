import MusterCore

/// Cuts a stream of JSON texts, one behind another, into single ones: each on a line, or over several.
struct JSONStream {
    private var pending: [UInt8] = []
    private var examined = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var lines = 0

    /// A text, and how many lines came before it.
    struct Text {
        let bytes: [UInt8]
        let linesBefore: Int
    }

    /// The texts that are whole with these bytes.
    ///
    /// - Throws: `Problem` `input-too-large` when one goes on for longer than any snapshot.
    mutating func take(_ bytes: [UInt8]) throws(Problem) -> [Text] {
        pending += bytes
        var texts: [Text] = []
        var start = 0
        while examined < pending.count {
            let byte = pending[examined]
            examined += 1
            // A line that opens nothing is a text too, if only a wrong one.
            if note(byte) || (byte == UInt8(ascii: "\n") && depth == 0) {
                cut(pending[start..<examined], into: &texts)
                start = examined
            }
        }
        pending.removeFirst(start)
        examined -= start
        guard pending.count <= DecidePolicy.longestText else {
            throw Problem(
                .inputTooLarge, "a snapshot of more than \(DecidePolicy.longestText) bytes", line: lines + 1)
        }
        return texts
    }

    /// What is left at the end of the stream.
    mutating func finish() -> [Text] {
        var texts: [Text] = []
        cut(pending[...], into: &texts)
        pending = []
        return texts
    }

    private mutating func cut(_ bytes: ArraySlice<UInt8>, into texts: inout [Text]) {
        let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if !isBlank { texts.append(Text(bytes: Array(bytes), linesBefore: lines)) }
        lines += bytes.count { $0 == UInt8(ascii: "\n") }
    }

    /// Whether a text ends with this byte.
    private mutating func note(_ byte: UInt8) -> Bool {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth = max(0, depth - 1)
            return depth == 0
        default: break
        }
        return false
    }
}
