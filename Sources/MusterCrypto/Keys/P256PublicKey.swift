import CCrypto

/// A key on the curve P-256 that verifies ES256.
public struct P256PublicKey: Sendable {
    private let key: OwnedKey

    /// The key of a point's coordinates, 32 bytes each, as a JSON Web Key has them; throws where they are not on
    /// the curve.
    public init(x: [UInt8], y: [UInt8]) throws(CryptoError) {
        guard x.count == 32, y.count == 32 else { throw .malformed("a point on the curve P-256") }
        let point = [4] + x + y
        guard let made = Library.call({ OwnedKey(muster_p256_public_key(point)) }) else {
            throw .malformed("a point on the curve P-256")
        }
        key = made
    }

    /// Whether `signature`, 64 bytes as JSON Web Signatures have them (r and s), is of `bytes`, by ECDSA with
    /// SHA-256.
    public func verifiesES256(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        guard signature.count == 64, let encoded = Self.encoded(signature) else { return false }
        return key.verifies(encoded, of: bytes, hash: .sha256)
    }

    /// The two numbers as libcrypto takes them.
    private static func encoded(_ signature: [UInt8]) -> [UInt8]? {
        guard let pair = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(pair) }
        let r = signature.withUnsafeBufferPointer { BN_bin2bn($0.baseAddress, 32, nil) }
        let s = signature.withUnsafeBufferPointer { BN_bin2bn($0.baseAddress.map { $0 + 32 }, 32, nil) }
        // The pair owns both from here on.
        guard let r, let s, ECDSA_SIG_set0(pair, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        let length = i2d_ECDSA_SIG(pair, nil)
        guard length > 0 else { return nil }
        var encoded = [UInt8](repeating: 0, count: Int(length))
        let written = encoded.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return i2d_ECDSA_SIG(pair, &start)
        }
        return written == length ? encoded : nil
    }
}
