/// A JSON Web Token in its compact form (RFC 7519, RFC 7515), not yet believed.
///
/// What it claims is had from `claims` alone, which verifies it first.
public struct JSONWebToken: Sendable {
    /// The name of the key that it says it is signed with.
    public let keyID: String?
    /// How it says it is signed; nothing is done by what is said here alone.
    let algorithm: String
    let signedText: [UInt8]
    let payload: [UInt8]
    let signature: [UInt8]

    /// Takes a token apart: three parts in strict Base64URL, the first a JSON object with "alg".
    ///
    /// Extensions that one must understand ("crit") are refused, since none is.
    public init(_ text: String) throws(CryptoError) {
        guard text.utf8.count <= CryptoPolicy.tokenBytes else {
            throw .tooLarge(limit: CryptoPolicy.tokenBytes)
        }
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.bytes(String(parts[0])),
            let payload = Base64URL.bytes(String(parts[1])),
            let signature = Base64URL.bytes(String(parts[2])), !signature.isEmpty
        else { throw .malformed("a JSON Web Token") }
        let header: Header = try TokenJSON.decode(head, as: "a JSON Web Token")
        guard header.crit == nil else { throw .unsupported("the token needs an extension to be understood") }
        algorithm = header.alg
        keyID = header.kid
        signedText = Array("\(parts[0]).\(parts[1])".utf8)
        self.payload = payload
        self.signature = signature
    }

    private struct Header: Decodable {
        var alg: String
        var kid: String?
        var crit: [String]?
    }
}

// A token is a credential as long as it is valid.
extension JSONWebToken: CustomStringConvertible, CustomReflectable {
    public var description: String { "a JSON Web Token" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
