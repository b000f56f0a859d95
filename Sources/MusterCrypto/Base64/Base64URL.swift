/// Base64 with the alphabet of URLs and without padding (RFC 4648, section 5).
public enum Base64URL {
    private static let alphabet = Base64Alphabet(last: "-_")

    /// `bytes` as text.
    public static func text(_ bytes: [UInt8]) -> String { alphabet.text(bytes, padding: false) }

    /// The bytes that `text` writes; nil unless it is written strictly: no padding, unused bits zero.
    public static func bytes(_ text: String) -> [UInt8]? { alphabet.bytes(Array(text.utf8), padding: false) }
}
