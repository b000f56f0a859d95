/// Why bytes were not taken, or a signature not believed. Never quotes what it is about.
public enum CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not what they should be; says what that is, as "an RSA private key in PEM".
    case malformed(String)
    /// A private key that needs a password.
    case encrypted
    /// Larger than anything that is meant: so many bytes are taken.
    case tooLarge(limit: Int)
    /// Of a kind that is not used here; says which are.
    case unsupported(String)
    /// A signature, a certificate or a claim that does not hold; says why.
    case refused(String)
    /// The library could not, for want of memory or of randomness.
    case failed

    /// A sentence without a full stop.
    public var description: String {
        switch self {
        case .malformed(let expected): "it is not \(expected)"
        case .encrypted: "the private key is encrypted, and nobody can be asked for a password"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .unsupported(let sentence), .refused(let sentence): sentence
        case .failed: "libcrypto could not do it"
        }
    }
}
