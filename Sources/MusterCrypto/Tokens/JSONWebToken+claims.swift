extension JSONWebToken {
    /// What a token must say to be taken.
    public struct Expectations: Sendable {
        /// Who may have issued it ("iss").
        public var issuers: Set<String>
        /// Whom it must be meant for ("aud").
        public var audience: String
        /// The moment it is used, in seconds since 1970.
        public var at: Int64
        /// How far apart its issuer's clock and this one may be, in seconds.
        public var skew: Int64
        /// How long after it was issued it is taken at the most, in seconds, whatever it says itself.
        public var longestLife: Int64

        /// Makes expectations; a day is the longest life, since the clouds' tokens live for one hour or for
        /// twenty-four.
        public init(
            issuers: Set<String>, audience: String, at: Int64,
            skew: Int64 = CryptoPolicy.clockSkew.components.seconds, longestLife: Int64 = 86_400
        ) {
            self.issuers = issuers
            self.audience = audience
            self.at = at
            self.skew = skew
            self.longestLife = longestLife
        }
    }

    /// What a verified token says.
    public struct Claims: Sendable {
        /// Who issued it.
        public var issuer: String
        /// Whom it speaks of.
        public var subject: String?
        /// When it was issued and when it ends, in seconds since 1970.
        public var issuedAt: Int64
        public var expires: Int64
        /// All that it says, as JSON.
        public var payload: [UInt8]
    }

    /// What the token says, once its signature (RS256 or ES256) and these expectations hold.
    ///
    /// Throws `.refused` with the reason, which quotes nothing of the token, or `.malformed`.
    public func claims(keys: JSONWebKeySet, expecting wanted: Expectations) throws(CryptoError) -> Claims {
        try verifySignature(keys)
        let said: Said = try TokenJSON.decode(payload, as: "a JSON Web Token with the claims that are needed")
        guard wanted.issuers.contains(said.iss) else { throw .refused("it was issued by somebody else") }
        guard said.aud.values.contains(wanted.audience) else {
            throw .refused("it is meant for another audience")
        }
        guard let issued = Self.seconds(said.iat), let expires = Self.seconds(said.exp) else {
            throw .refused("its times are no times")
        }
        guard issued <= wanted.at + wanted.skew else { throw .refused("it was issued in the future") }
        guard wanted.at < expires + wanted.skew else { throw .refused("it has expired") }
        guard wanted.at <= issued + wanted.longestLife + wanted.skew else {
            throw .refused("it was issued too long ago")
        }
        if let start = said.nbf {
            guard let start = Self.seconds(start), start <= wanted.at + wanted.skew else {
                throw .refused("it is not valid yet")
            }
        }
        return Claims(
            issuer: said.iss, subject: said.sub, issuedAt: issued, expires: expires, payload: payload)
    }

    private func verifySignature(_ keys: JSONWebKeySet) throws(CryptoError) {
        guard let keyID, let key = keys.key(keyID) else {
            throw .refused("it is signed with a key that its issuer does not publish")
        }
        // The key decides what may be done with it, not the token: a name alone turns no key into another kind.
        let holds =
            switch key {
            case .rsa(let key): algorithm == "RS256" && key.verifies(signature, of: signedText, hash: .sha256)
            case .p256(let key): algorithm == "ES256" && key.verifiesES256(signature, of: signedText)
            }
        guard holds else { throw .refused("its signature is not of its issuer's key") }
    }

    /// A number of seconds that a calendar has, so that sums with it never overflow.
    private static func seconds(_ value: Double) -> Int64? {
        (0...253_402_300_799).contains(value) ? Int64(value) : nil
    }

    private struct Said: Decodable {
        var iss: String
        var aud: Audiences
        var iat: Double
        var exp: Double
        var nbf: Double?
        var sub: String?
    }

    /// One audience, or several.
    private struct Audiences: Decodable {
        var values: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {
                values = [one]
            } else {
                values = try container.decode([String].self)
            }
        }
    }
}
