import MusterCore

extension JSONParser {
    /// The string at the position, which is at its opening quote.
    mutating func string() throws(Problem) -> String {
        position += 1
        let start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try checked(bytes[start..<position])
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<32: throw problem("a control character in a string must be written as an escape")
            default: position += 1
            }
        }
        throw unexpected("the closing quote of a string")
    }

    /// The rest of a string that has escapes; `start` is its first byte, the position its first backslash.
    private mutating func escapedString(from start: Int) throws(Problem) -> String {
        var content = Array(bytes[start..<position])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try checked(content)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                position += 1
                content += UTF8.encode(try escape()).map(Array.init) ?? []
            case 0..<32: throw problem("a control character in a string must be written as an escape")
            default:
                content.append(byte)
                position += 1
            }
        }
        throw unexpected("the closing quote of a string")
    }

    /// What the escape means whose backslash has been read.
    private mutating func escape() throws(Problem) -> Unicode.Scalar {
        guard let byte = next else { throw unexpected("the rest of an escape") }
        let scalar: Unicode.Scalar
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw unexpected("one of \" \\ / b f n r t u after a backslash")
        }
        position += 1
        return scalar
    }

    private mutating func unicodeEscape() throws(Problem) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), next == UInt8(ascii: "\\") else { throw loneSurrogate }
        position += 1
        guard next == UInt8(ascii: "u") else { throw loneSurrogate }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw loneSurrogate }
        let value = 0x10000 + (UInt32(first) - 0xd800) << 10 + UInt32(second) - 0xdc00
        guard let scalar = Unicode.Scalar(value) else { throw loneSurrogate }
        return scalar
    }

    /// The four hexadecimal digits after the `u` at the position.
    private mutating func codeUnit() throws(Problem) -> UInt16 {
        position += 1
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private var loneSurrogate: Problem { problem("an escape holds half of a surrogate pair") }

    private func checked(_ content: some Collection<UInt8>) throws(Problem) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw problem("a string is not valid UTF-8")
        }
        return text
    }
}
