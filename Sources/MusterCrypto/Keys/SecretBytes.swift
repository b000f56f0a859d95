import CCrypto

/// Bytes that nobody can guess.
public enum SecretBytes {
    /// `count` bytes from the library's generator; nil when the machine has no randomness to give.
    public static func make(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return RAND_bytes(&bytes, Int32(count)) == 1 ? bytes : nil
    }
}
