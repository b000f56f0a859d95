/// Percent-encoding as RFC 3986 has it, strict.
enum PercentEncoding {
    /// Decodes `raw`; refuses broken escapes, the NUL character and what is not UTF-8.
    static func decode(_ raw: ArraySlice<UInt8>, plusIsSpace: Bool = false) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var position = raw.startIndex
        while position < raw.endIndex {
            let byte = raw[position]
            if byte == UInt8(ascii: "%") {
                guard raw.endIndex - position > 2, let high = hexDigit(raw[position + 1]),
                    let low = hexDigit(raw[position + 2])
                else { throw .malformed("The request target has a broken percent escape.") }
                bytes.append(high << 4 | low)
                position += 3
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                position += 1
            }
        }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("The request target has an escape that is not UTF-8 text.")
        }
        return text
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
