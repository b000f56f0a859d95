import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("JSON Web Tokens")
struct JSONWebTokenTests {
    private static let now: Int64 = 1_800_000_000
    private static let good: [String: JSONWebToken.Value] = [
        "iss": "issuer", "aud": "audience", "iat": .number(now - 10), "exp": .number(now + 3_590),
        "sub": "subject",
    ]

    private static func key(_ name: String = "region") throws -> RSAPrivateKey {
        try RSAPrivateKey(pem: IdentityFixtures.text("\(name).key"))
    }

    private static func keys() throws -> JSONWebKeySet {
        try JSONWebKeySet(json: IdentityFixtures.bytes("keys.json"))
    }

    private static func token(
        _ changes: [String: JSONWebToken.Value?] = [:],
        header: [String: JSONWebToken.Value] = ["kid": "first"],
        key: String = "region"
    ) throws -> String {
        var claims = good
        for (name, value) in changes { claims[name] = value }
        return try JSONWebToken.signed(claims, header: header, key: Self.key(key))
    }

    private static func claims(_ token: String, at moment: Int64 = now) throws -> JSONWebToken.Claims {
        try JSONWebToken(token).claims(
            keys: keys(),
            expecting: JSONWebToken.Expectations(issuers: ["issuer"], audience: "audience", at: moment))
    }

    private static func refusal(_ token: String, at moment: Int64 = now) -> String? {
        do {
            _ = try claims(token, at: moment)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("are made as others make them, and tell what they claim")
    func made() throws {
        let text = try Self.token()
        let parts = text.split(separator: ".").map { Base64URL.bytes(String($0)) ?? [] }
        #expect(String(decoding: parts[0], as: UTF8.self) == #"{"alg":"RS256","kid":"first","typ":"JWT"}"#)
        #expect(
            String(decoding: parts[1], as: UTF8.self)
                == #"{"aud":"audience","exp":1800003590,"iat":1799999990,"iss":"issuer","sub":"subject"}"#)
        let claims = try Self.claims(text)
        #expect(claims.issuer == "issuer" && claims.subject == "subject")
        #expect(claims.issuedAt == Self.now - 10 && claims.expires == Self.now + 3_590)
        #expect(claims.payload == parts[1])
        #expect(try Self.token() == text)
    }

    @Test("of several audiences are for each of them")
    func audiences() throws {
        let key = try Self.key()
        for (list, isGood) in [(#"["other", "audience"]"#, true), (#"["other"]"#, false), ("[]", false)] {
            let payload = #"{"iss":"issuer","aud":\#(list),"iat":1800000000,"exp":1800003600}"#
            let text =
                Base64URL.text(Array(#"{"alg":"RS256","kid":"first"}"#.utf8)) + "."
                + Base64URL.text(Array(payload.utf8))
            let token = "\(text).\(Base64URL.text(try key.signSHA256(Array(text.utf8))))"
            #expect((Self.refusal(token) == nil) == isGood)
        }
    }

    @Test(
        "are refused for what they say, with the reason",
        arguments: [
            (["iss": "other"], "issued by somebody else"), (["aud": "other"], "another audience"),
            (["aud": "AUDIENCE"], "another audience"), (["exp": .number(now - 61)], "expired"),
            (["iat": .number(now + 61)], "in the future"), (["nbf": .number(now + 61)], "not valid yet"),
            (["iat": .number(now - 90_000)], "too long ago"), (["exp": .number(-1)], "no times"),
            (["exp": .number(.max)], "no times"), (["exp": nil], "claims that are needed"),
            (["iat": nil], "claims that are needed"), (["aud": nil], "claims that are needed"),
            (["iss": nil], "claims that are needed"), (["aud": 7], "claims that are needed"),
            (["exp": "soon"], "claims that are needed"),
        ] as [([String: JSONWebToken.Value?], String)])
    func refused(changes: [String: JSONWebToken.Value?], reason: String) throws {
        let refusal = try #require(Self.refusal(try Self.token(changes)))
        #expect(refusal.contains(reason), "\(refusal)")
    }

    @Test("are taken while clocks are a little apart, and no longer")
    func skew() throws {
        let token = try Self.token()
        #expect(Self.refusal(token, at: Self.now - 70) == nil)
        #expect(Self.refusal(token, at: Self.now - 71) != nil)
        #expect(Self.refusal(token, at: Self.now + 3_649) == nil)
        #expect(Self.refusal(token, at: Self.now + 3_650) != nil)
    }

    @Test("are refused when signed with another key than they say, or with one that is not published")
    func keys() throws {
        #expect(Self.refusal(try Self.token(header: ["kid": "second"], key: "region-other")) == nil)
        let others: [(header: [String: JSONWebToken.Value], key: String)] = [
            (["kid": "second"], "region"), (["kid": "third"], "region"), ([:], "region"),
            (["kid": ""], "region"),
            (["kid": "first"], "signer"),
        ]
        for (header, key) in others {
            #expect(Self.refusal(try Self.token(header: header, key: key)) != nil)
        }
    }

    @Test(
        "are refused when they name another way to verify them",
        arguments: [
            #"{"alg":"none","kid":"first"}"#, #"{"alg":"HS256","kid":"first"}"#,
            #"{"alg":"RS512","kid":"first"}"#,
            #"{"alg":"ES256","kid":"first"}"#, #"{"alg":"rs256","kid":"first"}"#, #"{"kid":"first"}"#,
            #"{"alg":"RS256","kid":7}"#, #"{"alg":"RS256","kid":"first","crit":["exp"],"exp":1}"#, "[]", "",
        ])
    func algorithms(header: String) throws {
        let payload = try #require(try Self.token().split(separator: ".").dropFirst().first)
        let text = "\(Base64URL.text(Array(header.utf8))).\(payload)"
        // The published key as a shared secret, as "HS256" would have it; and the right signature of that text.
        let secret = try IdentityFixtures.bytes("region.pem")
        let signatures = [
            MessageAuthentication.code(Array(text.utf8), key: secret),
            try Self.key().signSHA256(Array(text.utf8)), [],
        ]
        for signature in signatures {
            #expect(Self.refusal("\(text).\(Base64URL.text(signature))") != nil)
        }
    }

    @Test("tell nothing of themselves when they are printed")
    func printed() throws {
        let token = try JSONWebToken(try Self.token())
        #expect("\(token)" == "a JSON Web Token")
        #expect(Mirror(reflecting: token).children.isEmpty)
    }

    @Test("that are hostile are refused, and nothing else happens")
    func hostile() throws {
        let original = try Self.token()
        var generator = SeededGenerator(seed: 7_519)
        for _ in 0..<500 {
            let text = String(decoding: generator.mutated(Array(original.utf8)), as: UTF8.self)
            if text != original { #expect(Self.refusal(text) != nil) }
        }
        let deep = String(repeating: "[", count: 8_000)
        for text in [
            "", ".", "..", "...", "a.b.c", original + ".", original + ".x", original + "=", " " + original,
            original.replacing(".", with: "\n.\n"), "\(Base64URL.text(Array(deep.utf8))).e30.AA",
            String(repeating: "A", count: CryptoPolicy.tokenBytes + 1),
        ] {
            #expect(Self.refusal(text) != nil)
        }
    }
}
