import CCrypto

/// The certificates at which trust begins.
public struct TrustedRoots: Sendable {
    private let roots: [Certificate]

    /// Trusts these and no others; the system's are not looked at.
    public init(_ roots: [Certificate]) { self.roots = roots }

    /// Throws `.refused`, with the reason in words, unless `certificate` was valid at this moment (seconds since
    /// 1970) and vouched for by a root through `intermediates`, of which any may be missing, unused or hostile.
    ///
    /// Signatures by RSA keys below 2,048 bits or with SHA-1 are not taken. For what purpose the certificate was
    /// made is not judged, and nothing is fetched: no issuers, no revocations.
    public func verify(
        _ certificate: Certificate, through intermediates: [Certificate], at seconds: Int64
    ) throws(CryptoError) {
        let untrusted = try CertificateStack(intermediates)
        let fault = try Library.call { () throws(CryptoError) -> Int32 in
            guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new() else { throw .failed }
            defer {
                X509_STORE_CTX_free(context)
                X509_STORE_free(store)
            }
            for root in roots where X509_STORE_add_cert(store, root.owned.pointer) != 1 { throw .failed }
            guard X509_STORE_CTX_init(context, store, certificate.owned.pointer, untrusted.pointer) == 1
            else {
                throw .failed
            }
            let rules = X509_STORE_CTX_get0_param(context)
            // With the default purpose, one made for servers, as Azure's is, could sign nothing.
            guard X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY) == 1 else { throw .failed }
            X509_VERIFY_PARAM_set_time(rules, time_t(seconds))
            X509_VERIFY_PARAM_set_depth(rules, CryptoPolicy.chainDepth)
            X509_VERIFY_PARAM_set_auth_level(rules, 2)
            if X509_verify_cert(context) == 1 { return X509_V_OK }
            let fault = X509_STORE_CTX_get_error(context)
            return fault == X509_V_OK ? X509_V_ERR_UNSPECIFIED : fault
        }
        guard fault == X509_V_OK else { throw .refused(Self.sentence(fault)) }
    }

    private static func sentence(_ fault: Int32) -> String {
        switch fault {
        case X509_V_ERR_CERT_HAS_EXPIRED: "a certificate of its signer's chain has expired"
        case X509_V_ERR_CERT_NOT_YET_VALID: "a certificate of its signer's chain is not valid yet"
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            "no trusted root vouches for its signer's certificate"
        default:
            "its signer's certificate is not vouched for: \(String(cString: X509_verify_cert_error_string(Int(fault))))"
        }
    }
}
