/// The head of an answer, taken line by line.
///
/// An interim answer (such as 103) is forgotten when the next begins, but its bytes still count against the
/// bound; trailers are counted and dropped.
struct AnswerHead {
    private(set) var headers: [(name: String, value: String)] = []
    private var bytes = 0
    private var isBetweenHeads = true

    /// Takes a line with its line break. Returns whether the head is still within its bounds.
    mutating func take(_ line: some BidirectionalCollection<UInt8>) -> Bool {
        bytes += line.count
        guard bytes <= HTTPPolicy.headerBytesLimit else { return false }

        if isBetweenHeads {
            guard line.starts(with: "HTTP/".utf8) else { return true }
            headers = []
            isBetweenHeads = false
        } else if line.allSatisfy(Self.isLineBreak) {
            isBetweenHeads = true
        } else {
            add(line)
        }
        return headers.count <= HTTPPolicy.headerLimit
    }

    private mutating func add(_ line: some BidirectionalCollection<UInt8>) {
        if let first = line.first, Self.isBlank(first) {
            // A value may go on in the next line (RFC 9112, 5.2).
            guard let last = headers.indices.last else { return }
            headers[last].value += " " + Self.text(line)
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            headers.append(
                (name: Self.text(line[..<colon]), value: Self.text(line[line.index(after: colon)...])))
        }
    }

    private static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        let isOuter = { (byte: UInt8) in isBlank(byte) || isLineBreak(byte) }
        let start = bytes.firstIndex { !isOuter($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isOuter($0) }.map(bytes.index(after:)) ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }
}
