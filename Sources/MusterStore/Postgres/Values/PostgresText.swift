import Glibc

/// Text at the border to PostgreSQL, which stores every character but U+0000.
///
/// U+0000 becomes U+0001 U+0001, and U+0001 becomes U+0001 U+0002: no two texts become one, and those that differ
/// keep their order. Nearly no text has either, and stays as it is.
enum PostgresText {
    private static let mark: UInt8 = 1

    /// The bytes that stand for `text` there.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { source in
            guard source.contains(where: { $0 <= mark }) else {
                bytes.append(contentsOf: source)
                return
            }
            for byte in source {
                if byte <= mark {
                    bytes.append(mark)
                    bytes.append(byte + 1)
                } else {
                    bytes.append(byte)
                }
            }
        }
    }

    /// The same of text that ends with a zero.
    static func text(_ start: UnsafePointer<CChar>) -> String {
        let count = strlen(start)
        return start.withMemoryRebound(to: UInt8.self, capacity: count) {
            text(UnsafeBufferPointer(start: $0, count: count))
        }
    }

    /// The text that such bytes stand for; what others have written is taken as it is.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.contains(mark) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == mark, index < bytes.endIndex, bytes[index] == 1 || bytes[index] == 2 {
                plain.append(bytes[index] - 1)
                index += 1
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
