/// The end of an output, as a report carries it.
enum OutputTail {
    /// The text of the last bytes: at most `WorkerPolicy.tailBytes` of valid UTF-8.
    ///
    /// `isWhole` says whether these are all bytes there were. If not, it begins at a line's start, unless it
    /// is within one long line, of which as much as fits is kept. What is no UTF-8 becomes U+FFFD, and so
    /// does a zero byte, which not every database can hold in a text.
    static func text(_ bytes: [UInt8], isWhole: Bool) -> String {
        let text = String(decoding: bytes.map { $0 == 0 ? 0xff : $0 }, as: UTF8.self)
        // A replacement is longer than the byte it stands for, so the text can be too long again.
        var rest = text.unicodeScalars[...]
        var excess = text.utf8.count - WorkerPolicy.tailBytes
        while excess > 0, let scalar = rest.popFirst() { excess -= UTF8.width(scalar) }
        let isCut = !isWhole || rest.startIndex != text.startIndex
        guard isCut, let lineEnd = rest.firstIndex(of: "\n") else { return String(rest) }
        let nextLine = rest.index(after: lineEnd)
        guard nextLine != rest.endIndex else { return String(rest) }
        return String(rest[nextLine...])
    }
}
