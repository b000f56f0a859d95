import CCrypto

/// An RSA key that signs. It cannot be printed or read out.
public struct RSAPrivateKey: Sendable {
    private let key: OwnedKey

    /// Reads PKCS#8 ("PRIVATE KEY") or PKCS#1 ("RSA PRIVATE KEY") in PEM; text around it is skipped.
    ///
    /// Throws `.encrypted` for one that needs a password, and never asks for it.
    public init(pem: String) throws(CryptoError) {
        let bytes = Array(pem.utf8)
        guard bytes.count <= CryptoPolicy.keyBytes else {
            throw .tooLarge(limit: CryptoPolicy.keyBytes)
        }
        let read = Library.call { OwnedKey(muster_private_key(bytes, Int32(bytes.count))) }
        guard let read else {
            throw pem.contains("ENCRYPTED") ? .encrypted : .malformed("a private key in PEM")
        }
        guard read.isA("RSA") else { throw .unsupported("the private key is no RSA key") }
        let bounds = CryptoPolicy.rsaBits
        guard bounds.contains(read.bits) else {
            throw .unsupported(
                "an RSA private key has \(bounds.lowerBound) to \(bounds.upperBound) bits, not \(read.bits)")
        }
        key = read
    }

    /// The signature of `bytes` by RSASSA-PKCS1-v1_5 with SHA-256 (RS256 in tokens), as long as the key.
    ///
    /// Takes about a millisecond. Throws `.failed` alone.
    public func signSHA256(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        let signature: [UInt8]? = Library.call {
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key.pointer)))
            var length = signature.count
            guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key.pointer) == 1,
                EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1
            else { return nil }
            signature.removeSubrange(length...)
            return signature
        }
        guard let signature else { throw .failed }
        return signature
    }

    /// What verifies its signatures.
    public var publicKey: RSAPublicKey { RSAPublicKey(key) }
}

extension RSAPrivateKey: CustomStringConvertible, CustomReflectable {
    /// Its size alone.
    public var description: String { "an RSA private key of \(key.bits) bits" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
