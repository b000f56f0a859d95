/// The forms in which an instance shows its identity document, by the member of the proof that names them.
public enum AWSIdentityFormat: String, CaseIterable, Codable, Sendable {
    /// A signed message with the document in it, by an RSA key of 2,048 bits: the metadata service's
    /// `instance-identity/rsa2048`.
    case rsa2048
    /// The document itself in the member `document`, with `instance-identity/signature`: by an RSA key of 1,024
    /// bits. What workers of other services show; not taken unless settings ask for it.
    case signature
    /// A signed message of `instance-identity/pkcs7`: by a DSA key of 1,024 bits and SHA-1. Muster brings no
    /// certificates for it.
    case pkcs7
}
