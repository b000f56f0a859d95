import CCrypto

/// The hash function SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// The 32 bytes of the hash of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let succeeded = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        // Cannot fail but for a library without SHA-256, and then nothing here may go on.
        precondition(succeeded == 1 && length == 32, "libcrypto has no SHA-256")
        return digest
    }

    /// The hash of `text`'s UTF-8 in lower-case hex.
    public static func hex(_ text: String) -> String { hex(Array(text.utf8)) }

    /// The hash of `bytes` in lower-case hex.
    public static func hex(_ bytes: [UInt8]) -> String {
        hash(bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
