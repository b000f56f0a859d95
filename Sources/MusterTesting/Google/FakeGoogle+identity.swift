import MusterCore
import MusterCrypto
import MusterRuntime

extension FakeGoogle {
    /// The token by which an instance proves itself (`format=full`), as its metadata server gives it.
    ///
    /// - Parameters:
    ///   - path: the instance, as `zone/name`.
    ///   - audience: whom it is for.
    ///   - claims: members of `google.compute_engine` that are to be other ones.
    public func identityToken(
        of path: String, for audience: String, claiming claims: [String: String] = [:]
    ) throws -> String {
        let found = settled { state in
            state.instances[path].map { ($0.number, $0.name, $0.zone, $0.createdAt) }
        }
        guard let (number, name, zone, createdAt) = found else {
            throw Problem(.workerNotFound, "there is no instance \(path)")
        }
        var engine: [(String, GoogleJSON)] = [
            ("project_id", .text(project)), ("project_number", 1), ("zone", .text(zone)),
            ("instance_id", .text(number)), ("instance_name", .text(name)),
            ("instance_creation_timestamp", .number(Int(createdAt.milliseconds / 1_000))),
        ]
        for (member, value) in claims.sorted(by: { $0.key < $1.key }) {
            engine.removeAll { $0.0 == member }
            engine.append((member, .text(value)))
        }
        let seconds = Int(now.milliseconds / 1_000)
        let payload: GoogleJSON = [
            "iss": "https://accounts.google.com", "aud": .text(audience), "azp": "100000000000000000001",
            "sub": "100000000000000000001", "email": .text(FakeGoogleKey.email), "email_verified": true,
            "iat": .number(seconds), "exp": .number(seconds + 3_600),
            "google": ["compute_engine": .object(engine)],
        ]
        let header: GoogleJSON = ["alg": "RS256", "typ": "JWT", "kid": .text(FakeGoogleKey.id)]
        let text = "\(Base64URL.text(header.bytes)).\(Base64URL.text(payload.bytes))"
        let signature = try RSAPrivateKey(pem: FakeGoogleKey.pem).signSHA256(Array(text.utf8))
        return "\(text).\(Base64URL.text(signature))"
    }

    /// The account that its instances run as.
    public static var workerAccount: String { FakeGoogleKey.email }
}
