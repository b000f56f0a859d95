import CCrypto

/// An RSA key that verifies.
public struct RSAPublicKey: Sendable {
    private let key: OwnedKey

    /// Its size in bits.
    public var bits: Int { key.bits }

    /// A key that is known to be one.
    init(_ key: OwnedKey) { self.key = key }

    /// The key of a certificate that is believed; throws where that is none, or of a size that nobody uses.
    init(certificate key: OwnedKey) throws(CryptoError) {
        guard key.isA("RSA") else { throw .unsupported("the certificate's key is no RSA key") }
        guard (CryptoPolicy.pinnedRSABits...CryptoPolicy.rsaBits.upperBound).contains(key.bits) else {
            throw Self.size
        }
        self.key = key
    }

    /// The key of a modulus and an exponent, big-endian, as a JSON Web Key has them.
    public init(modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        guard CryptoPolicy.rsaBits.contains(modulus.count * 8) else { throw Self.size }
        // An even exponent or 1 is no key: with the latter anybody could sign.
        guard let last = exponent.last, last & 1 == 1, exponent != [1],
            exponent.count <= CryptoPolicy.exponentBytes
        else { throw .malformed("the exponent of an RSA key") }
        let made = Library.call {
            OwnedKey(
                muster_rsa_public_key(modulus, Int32(modulus.count), exponent, Int32(exponent.count)))
        }
        guard let made else { throw .malformed("an RSA key") }
        key = made
    }

    private static var size: CryptoError {
        let bounds = CryptoPolicy.rsaBits
        return .unsupported("an RSA key has \(bounds.lowerBound) to \(bounds.upperBound) bits")
    }

    /// Whether `signature` is of `bytes`, by RSASSA-PKCS1-v1_5 with `hash`.
    public func verifies(_ signature: [UInt8], of bytes: [UInt8], hash: SignatureHash) -> Bool {
        key.verifies(signature, of: bytes, hash: hash)
    }
}

extension OwnedKey {
    /// Whether `signature`, as the key's type writes it, is of `bytes`.
    func verifies(_ signature: [UInt8], of bytes: [UInt8], hash: SignatureHash) -> Bool {
        Library.call {
            guard let context = EVP_MD_CTX_new() else { return false }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, hash.function, nil, pointer) == 1 else { return false }
            return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
        }
    }
}
