import CCrypto

/// An X.509 certificate.
public struct Certificate: Sendable {
    let owned: OwnedCertificate
    /// Its bytes in DER.
    public let der: [UInt8]

    /// Reads the first certificate of a text in PEM.
    public init(pem: String) throws(CryptoError) {
        let bytes = Array(pem.utf8)
        guard bytes.count <= CryptoPolicy.keyBytes else {
            throw .tooLarge(limit: CryptoPolicy.keyBytes)
        }
        let read = Library.call {
            OwnedCertificate(muster_certificate_of_pem(bytes, Int32(bytes.count)))
        }
        guard let read else { throw .malformed("a certificate in PEM") }
        try self.init(read)
    }

    /// Reads a certificate in DER; bytes after its end are refused.
    public init(der: [UInt8]) throws(CryptoError) {
        guard der.count <= CryptoPolicy.keyBytes else { throw .tooLarge(limit: CryptoPolicy.keyBytes) }
        let read = Library.call { () -> OwnedCertificate? in
            der.withUnsafeBufferPointer { buffer in
                var position = buffer.baseAddress
                let read = OwnedCertificate(d2i_X509(nil, &position, buffer.count))
                return position == buffer.baseAddress.map { $0 + buffer.count } ? read : nil
            }
        }
        guard let read else { throw .malformed("a certificate in DER") }
        try self.init(read)
    }

    init(_ owned: OwnedCertificate) throws(CryptoError) {
        self.owned = owned
        let length = Library.call { i2d_X509(owned.pointer, nil) }
        guard length > 0 else { throw .malformed("a certificate") }
        var der = [UInt8](repeating: 0, count: Int(length))
        _ = Library.call {
            der.withUnsafeMutableBufferPointer { buffer in
                var start = buffer.baseAddress
                return i2d_X509(owned.pointer, &start)
            }
        }
        self.der = der
    }

    /// The SHA-1 hash of its bytes: what Azure calls its thumbprint, and `x5t` in a token's header.
    public var thumbprintSHA1: [UInt8] { SHA1.hash(der) }

    /// The SHA-256 hash of its bytes: `x5t#S256` in a token's header.
    public var thumbprintSHA256: [UInt8] { SHA256.hash(der) }

    /// It as PEM, with 64 characters a line.
    public var pem: String {
        let text = Array(Base64.text(der).utf8)
        let lines = stride(from: 0, to: text.count, by: 64).map {
            String(decoding: text[$0..<min($0 + 64, text.count)], as: UTF8.self)
        }
        return (["-----BEGIN CERTIFICATE-----"] + lines + ["-----END CERTIFICATE-----", ""])
            .joined(separator: "\n")
    }

    /// The key it vouches for, where that is an RSA key of a size in use.
    public func rsaKey() throws(CryptoError) -> RSAPublicKey {
        guard let key = Library.call({ OwnedKey(X509_get_pubkey(owned.pointer)) }) else {
            throw .malformed("a certificate with a key that can be read")
        }
        return try RSAPublicKey(certificate: key)
    }
}

extension Certificate: Hashable {
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }
    public func hash(into hasher: inout Hasher) { hasher.combine(der) }
}
