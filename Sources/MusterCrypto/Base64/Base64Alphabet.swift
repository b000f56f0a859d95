/// The digits of one kind of Base64, and how bytes are written in them.
struct Base64Alphabet: Sendable {
    private let digits: [UInt8]
    private let values: [UInt8]
    private static let none: UInt8 = 0xff

    /// The alphabet whose 63rd and 64th digits are these.
    init(last: StaticString) {
        var digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        digits += Array(UnsafeBufferPointer(start: last.utf8Start, count: last.utf8CodeUnitCount))
        var values = [UInt8](repeating: Self.none, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.digits = digits
        self.values = values
    }

    func text(_ bytes: [UInt8], padding: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var start = 0
        while start < bytes.count {
            let count = min(3, bytes.count - start)
            var group = UInt32(0)
            for place in 0..<count { group |= UInt32(bytes[start + place]) << UInt32(16 - 8 * place) }
            for place in 0...count { text.append(digits[Int(group >> UInt32(18 - 6 * place)) & 63]) }
            if padding { for _ in count..<3 { text.append(UInt8(ascii: "=")) } }
            start += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    func bytes(_ text: [UInt8], padding: Bool) -> [UInt8]? {
        var end = text.count
        if padding {
            guard text.count % 4 == 0 else { return nil }
            while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        }
        guard end % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end / 4 * 3 + 2)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for digit in text[..<end] {
            let value = values[Int(digit)]
            guard value != Self.none else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
                bits &= (1 << count) - 1
            }
        }
        // What is left over carries nothing: another value would be a second way to write the same bytes.
        guard bits == 0 else { return nil }
        return bytes
    }
}
