import CCrypto

/// The hash that a signature is of.
public enum SignatureHash: Sendable {
    /// For what still comes signed with it, and nothing else: two messages with one hash can be made.
    case sha1
    case sha256

    var function: OpaquePointer { self == .sha1 ? EVP_sha1() : EVP_sha256() }
}
