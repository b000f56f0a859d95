/// The bounds of what is taken from outside, each with its reason.
public enum CryptoPolicy {
    /// Bytes of a key or a certificate: the largest RSA key anybody has, in PEM, has 13 KB.
    public static let keyBytes = 64 * 1_024

    /// Bytes of a signed message: the clouds' have 2 to 8 KB, certificates included.
    public static let messageBytes = 64 * 1_024

    /// Certificates within one message: the clouds send one to four.
    static let messageCertificates = 16

    /// Certificates between a signer and a root: public hierarchies have one or two, cross-signed ones three.
    static let chainDepth: Int32 = 6

    /// Bits of an RSA key: below, signatures can be forged with means that exist; above, a verification takes long
    /// enough to be an attack, and nobody has such keys.
    static let rsaBits = 2_048...8_192

    /// Bits of an RSA key of a pinned certificate, at least: what AWS still signs documents with.
    static let pinnedRSABits = 1_024

    /// Bytes of an RSA public exponent. All the clouds' are 65,537; a long one makes verifying slow.
    static let exponentBytes = 8

    /// Bytes of a JSON Web Token: the clouds' have 1 to 3 KB.
    public static let tokenBytes = 16 * 1_024

    /// Keys of a key set: the clouds publish two to eight.
    static let setKeys = 128

    /// How deep a token's or a key set's JSON may be nested: theirs is three levels deep.
    static let jsonDepth = 16

    /// How far clocks may be apart when a token's times are judged: machines with a time service are within a
    /// second, those whose service has just started within some.
    public static let clockSkew: Duration = .seconds(60)
}
