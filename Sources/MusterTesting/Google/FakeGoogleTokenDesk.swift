import FoundationEssentials
import MusterCore
import MusterCrypto

/// The places where the fake gives tokens, each of which checks what it is shown.
struct FakeGoogleTokenDesk {
    /// What an external account's subject token must be.
    static let subject = "subject-token-of-the-cluster"
    static let audience =
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q"

    /// Where Google is: whom assertions are for, wherever they are sent.
    static let publicAddress = "https://oauth2.googleapis.com/token"

    let tokenAddress: String
    let now: Timestamp

    /// The grant of RFC 7523: the assertion's signature, audience and times must hold.
    func accepts(assertionIn form: [String: String]) -> Bool {
        guard form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer",
            let text = form["assertion"]
        else { return false }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let key = try? RSAPrivateKey(pem: FakeGoogleKey.pem),
            let signature = Base64URL.bytes(parts[2]), let head = Base64URL.bytes(parts[0]),
            let payload = Base64URL.bytes(parts[1]),
            key.publicKey.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8), hash: .sha256),
            let header = try? JSONDecoder().decode(Header.self, from: Data(head)),
            let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload))
        else { return false }
        let seconds = now.milliseconds / 1_000
        return header.alg == "RS256" && header.kid == FakeGoogleKey.id && claims.iss == FakeGoogleKey.email
            && [tokenAddress, Self.publicAddress].contains(claims.aud) && claims.exp - claims.iat <= 3_600
            && abs(claims.iat - seconds) < 300
            && claims.scope == "https://www.googleapis.com/auth/cloud-platform"
    }

    /// The exchange of RFC 8693.
    func accepts(exchangeIn form: [String: String]) -> Bool {
        form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
            && form["subject_token"] == Self.subject && form["audience"] == Self.audience
            && form["subject_token_type"] == "urn:ietf:params:oauth:token-type:jwt"
            && form["requested_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    }

    private struct Header: Decodable {
        var alg: String
        var kid: String?
    }

    private struct Claims: Decodable {
        var iss: String
        var aud: String
        var scope: String
        var iat: Int64
        var exp: Int64
    }
}
