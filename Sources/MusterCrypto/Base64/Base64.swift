/// Base64 with padding (RFC 4648, section 4).
public enum Base64 {
    private static let alphabet = Base64Alphabet(last: "+/")

    /// `bytes` as text, on one line.
    public static func text(_ bytes: [UInt8]) -> String { alphabet.text(bytes, padding: true) }

    /// The bytes that `text` writes; nil unless it is written strictly: on one line, padded, unused bits zero.
    public static func bytes(_ text: String) -> [UInt8]? { alphabet.bytes(Array(text.utf8), padding: true) }

    /// The bytes that `text` writes; nil unless it is written strictly, but for line breaks anywhere.
    ///
    /// For what people paste and what metadata services wrap at 64 or 76 characters.
    public static func bytes(wrapped text: String) -> [UInt8]? {
        alphabet.bytes(text.utf8.filter { $0 != 10 && $0 != 13 }, padding: true)
    }
}
