/// The keys that an issuer of tokens publishes (RFC 7517).
public struct JSONWebKeySet: Sendable {
    /// A key that verifies.
    public enum Key: Sendable {
        case rsa(RSAPublicKey)
        case p256(P256PublicKey)
    }

    private let keys: [String: Key]

    /// Reads a key set. Keys without a name, of kinds that are not used here, or for other purposes than
    /// signatures are skipped, as the standard asks; of two with one name neither is taken.
    ///
    /// Throws `.malformed` for what is no key set, and for one without a single key that can be used.
    public init(json: [UInt8]) throws(CryptoError) {
        guard json.count <= CryptoPolicy.keyBytes else { throw .tooLarge(limit: CryptoPolicy.keyBytes) }
        let set: Written = try TokenJSON.decode(json, as: "a set of JSON Web Keys")
        guard set.keys.count <= CryptoPolicy.setKeys else {
            throw .unsupported("a key set has at most \(CryptoPolicy.setKeys) keys")
        }
        var keys: [String: Key] = [:]
        var ambiguous: Set<String> = []
        for written in set.keys {
            guard let name = written.kid, written.use ?? "sig" == "sig", let key = try? written.key() else {
                continue
            }
            if keys.updateValue(key, forKey: name) != nil { ambiguous.insert(name) }
        }
        for name in ambiguous { keys.removeValue(forKey: name) }
        guard !keys.isEmpty else { throw .malformed("a set of JSON Web Keys with one that can be used") }
        self.keys = keys
    }

    /// The key of this name.
    public func key(_ name: String) -> Key? { keys[name] }

    private struct Written: Decodable {
        var keys: [WrittenKey]
    }

    private struct WrittenKey: Decodable {
        var kty: String
        var kid: String?
        var use: String?
        var alg: String?
        var n: String?
        var e: String?
        var crv: String?
        var x: String?
        var y: String?

        func key() throws(CryptoError) -> Key {
            switch (kty, alg ?? (kty == "RSA" ? "RS256" : "ES256")) {
            case ("RSA", "RS256"):
                return .rsa(
                    try RSAPublicKey(modulus: try bytes(n), exponent: try bytes(e)))
            case ("EC", "ES256") where crv == "P-256":
                return .p256(try P256PublicKey(x: try bytes(x), y: try bytes(y)))
            default: throw .unsupported("RSA keys for RS256 and keys on P-256 for ES256 are used")
            }
        }

        private func bytes(_ text: String?) throws(CryptoError) -> [UInt8] {
            guard let text, let bytes = Base64URL.bytes(text) else { throw .malformed("a JSON Web Key") }
            return bytes
        }
    }
}
