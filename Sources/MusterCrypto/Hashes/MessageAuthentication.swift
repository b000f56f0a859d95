import CCrypto

/// Message authentication by HMAC-SHA256 (RFC 2104).
public enum MessageAuthentication {
    /// The 32 bytes that only a holder of `key` can make for `message`.
    public static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length)
        // Cannot fail but for a library without SHA-256, and then nothing here may go on.
        precondition(result != nil && length == 32, "libcrypto has no HMAC-SHA256")
        return code
    }

    /// Whether two byte strings are equal, in a time that tells nothing of where they differ.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
