import CCrypto

/// The hash function SHA-1 (FIPS 180-4), for names that others have made with it; no proof of anything.
public enum SHA1 {
    /// The 20 bytes of the hash of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        var length: UInt32 = 0
        let succeeded = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha1(), nil)
        // Cannot fail but for a library without SHA-1, and then nothing here may go on.
        precondition(succeeded == 1 && length == 20, "libcrypto has no SHA-1")
        return digest
    }
}
