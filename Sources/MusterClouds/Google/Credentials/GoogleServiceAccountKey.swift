import MusterCore
import MusterCrypto
import MusterRuntime

/// A service account's key, which signs assertions that Google exchanges for tokens (RFC 7523).
struct GoogleServiceAccountKey: Sendable {
    /// The account's address.
    let email: String
    /// The account's project, as the file says.
    let project: String?
    /// Where assertions are exchanged.
    let tokenAddress: String
    /// The key's name.
    let keyID: String?
    private let key: RSAPrivateKey

    init(_ reader: DocumentReader) throws(Problem) {
        email = try reader.required("client_email")
        tokenAddress = try reader.address("token_uri")
        project = reader.string("project_id")
        keyID = reader.string("private_key_id")
        let pem = try reader.required("private_key", limit: GooglePolicy.credentialBytes)
        do {
            key = try RSAPrivateKey(pem: pem)
        } catch {
            throw Problem(.inputInvalid, "cannot be used: \(error)", field: "private_key")
        }
    }

    /// An assertion that asks for a token with `scope`.
    func assertion(scope: String, at now: Timestamp) throws(Problem) -> Secret<String> {
        let seconds = now.milliseconds / 1_000
        var header: [String: JSONWebToken.Value] = [:]
        if let keyID { header["kid"] = .text(keyID) }
        do throws(CryptoError) {
            return Secret(
                try JSONWebToken.signed(
                    [
                        "iss": .text(email), "scope": .text(scope), "aud": .text(tokenAddress),
                        "iat": .number(seconds), "exp": .number(seconds + GooglePolicy.tokenLifetimeSeconds),
                    ], header: header, key: key))
        } catch {
            throw Problem(.internalError, "the service account's key cannot sign: \(error)")
        }
    }
}

extension GoogleServiceAccountKey: CustomStringConvertible, CustomReflectable {
    /// Whose it is.
    var description: String { "a key of \(email)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
