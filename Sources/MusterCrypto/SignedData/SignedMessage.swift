import CCrypto

/// The content of a PKCS #7 (CMS) signed message, with the one whose signature of it was verified.
public struct SignedMessage: Sendable {
    /// What was signed.
    public let content: [UInt8]
    /// Whose key signed it.
    public let signer: Certificate

    /// Verifies a message in DER or BER that one of these certificates' keys signed.
    ///
    /// They are believed as they stand: neither their dates nor their issuers matter, and certificates within the
    /// message are not looked at. SHA-1 is taken only where `allowsSHA1` says so.
    public init(
        _ message: [UInt8], signedBy pinned: [Certificate], allowsSHA1: Bool = false
    ) throws(CryptoError) {
        let parsed = try ParsedMessage(message, allowsSHA1: allowsSHA1)
        let signers = try CertificateStack(pinned)
        (content, signer) = try parsed.verify(
            among: signers.pointer, flags: PKCS7_NOVERIFY | PKCS7_NOINTERN)
    }

    /// Verifies a message in DER or BER whose signer's certificate is within it and leads to a root, through
    /// others within it and these intermediates, at this moment (seconds since 1970).
    ///
    /// Whether that signer is the right one is for the caller to see.
    public init(
        _ message: [UInt8], roots: TrustedRoots, intermediates: [Certificate], at seconds: Int64
    ) throws(CryptoError) {
        let parsed = try ParsedMessage(message, allowsSHA1: false)
        let (content, signer) = try parsed.verify(among: nil, flags: PKCS7_NOVERIFY)
        try roots.verify(signer, through: parsed.certificates + intermediates, at: seconds)
        self.content = content
        self.signer = signer
    }
}

/// A message that was read and is of a form that can be verified, not verified yet.
private struct ParsedMessage: ~Copyable {
    private let message: UnsafeMutablePointer<PKCS7>
    let certificates: [Certificate]

    init(_ bytes: [UInt8], allowsSHA1: Bool) throws(CryptoError) {
        guard bytes.count <= CryptoPolicy.messageBytes else {
            throw .tooLarge(limit: CryptoPolicy.messageBytes)
        }
        let read = Library.call { () -> UnsafeMutablePointer<PKCS7>? in
            bytes.withUnsafeBufferPointer { buffer in
                var position = buffer.baseAddress
                guard let message = d2i_PKCS7(nil, &position, buffer.count) else { return nil }
                guard position == buffer.baseAddress.map({ $0 + buffer.count }) else {
                    PKCS7_free(message)
                    return nil
                }
                return message
            }
        }
        guard let read else { throw .malformed("a signed message in PKCS #7") }
        do {
            certificates = try Self.certificates(read, allowsSHA1: allowsSHA1)
        } catch {
            PKCS7_free(read)
            throw error
        }
        message = read
    }

    deinit { PKCS7_free(message) }

    /// The message's certificates, once its form is seen to be right.
    private static func certificates(
        _ message: UnsafeMutablePointer<PKCS7>, allowsSHA1: Bool
    ) throws(CryptoError) -> [Certificate] {
        let isSigned = Library.call { muster_is_signed(message) == 1 }
        guard isSigned else { throw .malformed("a signed message in PKCS #7, with its content") }
        guard muster_signers_count(message) == 1 else {
            throw .unsupported("a signed message has one signer")
        }
        switch muster_signer_digest(message) {
        case NID_sha256, NID_sha384, NID_sha512: break
        // Azure names the hash by the signature that is made with it.
        case NID_sha256WithRSAEncryption, NID_sha384WithRSAEncryption, NID_sha512WithRSAEncryption: break
        case NID_sha1 where allowsSHA1: break
        default: throw .unsupported("it is signed with a hash that is not trusted")
        }
        let stack = muster_signed_certificates(message)
        let count = muster_certificates_count(stack)
        guard count <= CryptoPolicy.messageCertificates else {
            throw .unsupported(
                "a signed message has at most \(CryptoPolicy.messageCertificates) certificates")
        }
        var certificates: [Certificate] = []
        for index in 0..<max(0, count) {
            guard let owned = OwnedCertificate(sharing: muster_certificates_at(stack, index)) else {
                throw .failed
            }
            certificates.append(try Certificate(owned))
        }
        return certificates
    }

    /// Verifies the signature alone, by the certificate that the message names, found where `flags` say.
    borrowing func verify(
        among certificates: OpaquePointer?, flags: Int32
    ) throws(CryptoError) -> (content: [UInt8], signer: Certificate) {
        let verified = Library.call { () -> (content: [UInt8], signer: OwnedCertificate)? in
            guard let output = BIO_new(BIO_s_mem()) else { return nil }
            defer { BIO_free(output) }
            guard PKCS7_verify(message, certificates, nil, nil, output, flags) == 1,
                let signers = PKCS7_get0_signers(message, certificates, flags)
            else { return nil }
            defer { muster_certificates_let_go(signers) }
            guard muster_certificates_count(signers) == 1,
                let signer = OwnedCertificate(sharing: muster_certificates_at(signers, 0))
            else { return nil }
            return (output.written, signer)
        }
        guard let verified else { throw .refused("its signature is not that of the signer it must be from") }
        return (verified.content, try Certificate(verified.signer))
    }
}
