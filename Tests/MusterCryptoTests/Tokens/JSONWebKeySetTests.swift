import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("JSON Web Key Sets")
struct JSONWebKeySetTests {
    private static let rsa = #""kty":"RSA","e":"AQAB","n":"\#(RFC7515.modulus)""#
    private static let curve = #""kty":"EC","crv":"P-256","x":"\#(RFC7515.x)","y":"\#(RFC7515.y)""#

    private func set(_ keys: String...) throws -> JSONWebKeySet {
        try JSONWebKeySet(json: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    @Test("give RFC 7515's keys, which verify its signatures")
    func vectors() throws {
        let set = try set(
            #"{"kid":"a",\#(Self.rsa)}"#, #"{"kid":"b","use":"sig","alg":"ES256",\#(Self.curve)}"#)
        let rsaSignature = try #require(Base64URL.bytes(RFC7515.rsaSignature))
        let curveSignature = try #require(Base64URL.bytes(RFC7515.curveSignature))
        guard case .rsa(let rsa) = set.key("a"), case .p256(let curve) = set.key("b") else {
            Issue.record("the keys are of other kinds")
            return
        }
        #expect(rsa.verifies(rsaSignature, of: Array(RFC7515.rsaText.utf8), hash: .sha256))
        #expect(curve.verifiesES256(curveSignature, of: Array(RFC7515.curveText.utf8)))
        #expect(set.key("c") == nil)
    }

    @Test(
        "skip what is of no use here, and keep the rest",
        arguments: [
            #"{"kid":"x","kty":"oct","k":"AAAA"}"#, #"{"kid":"x","kty":"OKP","crv":"Ed25519","x":"AAAA"}"#,
            #"{"kid":"x","use":"enc",\#(rsa)}"#, #"{"kid":"x","alg":"RS1",\#(rsa)}"#, #"{\#(rsa)}"#,
            #"{"kid":"x","kty":"RSA","e":"AQAB"}"#,
            #"{"kid":"x","kty":"RSA","e":"AQ","n":"\#(RFC7515.modulus)"}"#,
            #"{"kid":"x","kty":"RSA","e":"AQAB","n":"AQAB"}"#,
            #"{"kid":"x","kty":"RSA","e":"AQAB","n":"++"}"#,
            #"{"kid":"x","kty":"EC","crv":"P-521","x":"AA","y":"AA"}"#,
            #"{"kid":"x","kty":"EC","alg":"RS256",\#(curve)}"#,
        ])
    func skipped(key: String) throws {
        let set = try set(key, #"{"kid":"good",\#(Self.rsa)}"#)
        #expect(set.key("x") == nil)
        #expect(set.key("good") != nil)
    }

    @Test("take neither of two keys of one name")
    func ambiguous() throws {
        let set = try set(
            #"{"kid":"a",\#(Self.rsa)}"#, #"{"kid":"a",\#(Self.curve)}"#, #"{"kid":"b",\#(Self.rsa)}"#)
        #expect(set.key("a") == nil)
        #expect(set.key("b") != nil)
    }

    @Test(
        "are refused when there is nothing in them to verify with",
        arguments: [
            "", "{}", "[]", "null", #"{"keys":{}}"#, #"{"keys":[]}"#, #"{"keys":[7]}"#,
            #"{"keys":[{"kid":"a","kty":"oct"}]}"#,
        ])
    func unusable(json: String) {
        #expect(throws: CryptoError.self) { try JSONWebKeySet(json: Array(json.utf8)) }
    }

    @Test("that are hostile are refused, and nothing else happens")
    func hostile() throws {
        var generator = SeededGenerator(seed: 7_517)
        let original = try IdentityFixtures.bytes("keys.json")
        for _ in 0..<300 { _ = try? JSONWebKeySet(json: generator.mutated(original)) }
        let deep = #"{"keys":"# + String(repeating: "[", count: 30_000)
        #expect(throws: CryptoError.malformed("a set of JSON Web Keys")) {
            try JSONWebKeySet(json: Array(deep.utf8))
        }
        let large = [UInt8](repeating: UInt8(ascii: " "), count: CryptoPolicy.keyBytes + 1)
        #expect(throws: CryptoError.tooLarge(limit: CryptoPolicy.keyBytes)) { try JSONWebKeySet(json: large) }
        let many = Array(repeating: #"{"kid":"a","kty":"oct"}"#, count: 129).joined(separator: ",")
        #expect(throws: CryptoError.self) { try JSONWebKeySet(json: Array(#"{"keys":[\#(many)]}"#.utf8)) }
    }
}
