import MusterCore

/// A recursive-descent parser over bytes that looks at each byte a bounded number of times.
struct JSONParser {
    var bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private var line = 1
    private var lineStart = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The whole input as one document.
    mutating func parse() throws(Problem) -> Document {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
            throw problem("begins with a byte-order mark; save it without one")
        }
        skipSpace()
        let document = try value(depth: 1)
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end of the text") }
        return document
    }

    private mutating func value(depth: Int) throws(Problem) -> Document {
        let line = line
        switch next ?? 0 {
        case UInt8(ascii: "{"): return Document(.object(try members(depth: depth)), line: line)
        case UInt8(ascii: "["): return Document(.array(try elements(depth: depth)), line: line)
        case UInt8(ascii: "\""): return Document(.string(try string()), line: line)
        case UInt8(ascii: "t"):
            try literal("true")
            return Document(.boolean(true), line: line)
        case UInt8(ascii: "f"):
            try literal("false")
            return Document(.boolean(false), line: line)
        case UInt8(ascii: "n"):
            try literal("null")
            return Document(.null, line: line)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return Document(try number(), line: line)
        default: throw unexpected("a value")
        }
    }

    private mutating func members(depth: Int) throws(Problem) -> [Document.Member] {
        try enter(depth)
        var members: [Document.Member] = []
        var names: Set<String> = []
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in double quotes") }
            let line = line
            let name = try string()
            guard names.insert(name).inserted else {
                throw problem(
                    "the name \(JSONText.quoted(String(name.prefix(80)))) appears twice in one object")
            }
            guard take(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
            skipSpace()
            members.append(Document.Member(name, try value(depth: depth + 1), line: line))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw unexpected("\",\" or \"}\"") }
        return members
    }

    private mutating func elements(depth: Int) throws(Problem) -> [Document] {
        try enter(depth)
        var elements: [Document] = []
        if take(UInt8(ascii: "]")) { return elements }
        repeat {
            skipSpace()
            elements.append(try value(depth: depth + 1))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw unexpected("\",\" or \"]\"") }
        return elements
    }

    private mutating func enter(_ depth: Int) throws(Problem) {
        guard depth <= RuntimePolicy.deepest else {
            throw problem("nests deeper than \(RuntimePolicy.deepest) levels")
        }
        position += 1
    }

    private mutating func literal(_ word: StaticString) throws(Problem) {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            (0..<word.utf8CodeUnitCount).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw unexpected("a value") }
        position = end
    }

    private mutating func number() throws(Problem) -> Document.Value {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try digits()
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        do {
            return isInteger ? try NumberText.integer(text) : try NumberText.fraction(text)
        } catch {
            throw problem("the number \(text.prefix(40)) \(error.reason)")
        }
    }

    private mutating func digits() throws(Problem) {
        guard isDigit else { throw unexpected("a digit") }
        while isDigit { position += 1 }
    }

    private var isDigit: Bool { next.map { (48...57).contains($0) } ?? false }

    /// The byte at the position; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Skips white space and then `byte`, if it stands there.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\n"):
                position += 1
                line += 1
                lineStart = position
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            default: return
            }
        }
    }
}

extension JSONParser {
    /// A problem at the position.
    func problem(_ message: String) -> Problem {
        Problem(
            .inputMalformed, "the JSON text is wrong at column \(position - lineStart + 1): \(message)",
            line: line)
    }

    /// The problem that something else than `expected` stands at the position.
    func unexpected(_ expected: String) -> Problem {
        guard let byte = next else { return problem("expected \(expected), found the end of the text") }
        let found =
            (33...126).contains(byte)
            ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte 0x\(String(byte, radix: 16))"
        return problem("expected \(expected), found \(found)")
    }
}
