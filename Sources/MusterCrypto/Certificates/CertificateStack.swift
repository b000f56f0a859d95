import CCrypto

/// A list of certificates as libcrypto takes it, with references of its own.
struct CertificateStack: ~Copyable {
    let pointer: OpaquePointer

    init(_ certificates: [Certificate]) throws(CryptoError) {
        guard let stack = muster_certificates() else { throw .failed }
        for certificate in certificates {
            guard muster_certificates_add(stack, certificate.owned.pointer) == 1 else {
                muster_certificates_free(stack)
                throw .failed
            }
        }
        pointer = stack
    }

    deinit { muster_certificates_free(pointer) }
}
