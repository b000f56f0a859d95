import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("RSA keys")
struct RSAKeyTests {
    private static let exponent: [UInt8] = [1, 0, 1]

    private func published() throws -> RSAPublicKey {
        try RSAPublicKey(
            modulus: try #require(Base64URL.bytes(RFC7515.modulus)), exponent: Self.exponent)
    }

    @Test("sign as RFC 7515 does, and verify it")
    func vector() throws {
        let key = try RSAPrivateKey(pem: IdentityFixtures.text("rfc7515-a2.key"))
        let signature = try key.signSHA256(Array(RFC7515.rsaText.utf8))
        #expect(Base64URL.text(signature) == RFC7515.rsaSignature)
        for verifier in [key.publicKey, try published()] {
            #expect(verifier.bits == 2_048)
            #expect(verifier.verifies(signature, of: Array(RFC7515.rsaText.utf8), hash: .sha256))
            #expect(!verifier.verifies(signature, of: Array(RFC7515.rsaText.utf8), hash: .sha1))
            #expect(!verifier.verifies(signature, of: Array(RFC7515.curveText.utf8), hash: .sha256))
        }
    }

    @Test("take no signature that differs in any bit, in its length, or is of another key")
    func forged() throws {
        let key = try published()
        let text = Array(RFC7515.rsaText.utf8)
        let signature = try #require(Base64URL.bytes(RFC7515.rsaSignature))
        for place in stride(from: 0, to: signature.count * 8, by: 61) {
            var forged = signature
            forged[place / 8] ^= 1 << UInt8(place % 8)
            #expect(!key.verifies(forged, of: text, hash: .sha256))
        }
        let others: [[UInt8]] = [
            [], [0], Array(signature.dropLast()), signature + [0], [0] + signature,
            [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0xff, count: 256),
        ]
        for forged in others { #expect(!key.verifies(forged, of: text, hash: .sha256)) }
        let stranger = try RSAPrivateKey(pem: IdentityFixtures.text("region.key"))
        #expect(!key.verifies(try stranger.signSHA256(text), of: text, hash: .sha256))
    }

    @Test("are read in PKCS #1 and PKCS #8, with text around them")
    func forms() throws {
        let eight = try RSAPrivateKey(pem: IdentityFixtures.text("region.key"))
        let one = try RSAPrivateKey(pem: "a key:\n" + IdentityFixtures.text("pkcs1.key") + "that was it\n")
        let text = Array("text".utf8)
        #expect(try eight.signSHA256(text) == one.signSHA256(text))
        #expect("\(one)" == "an RSA private key of 2048 bits")
    }

    @Test("behind a password are refused at once, and nobody is asked for it")
    func encrypted() throws {
        let text = try IdentityFixtures.text("encrypted.key")
        #expect(throws: CryptoError.encrypted) { try RSAPrivateKey(pem: text) }
    }

    @Test(
        "of other kinds, sizes and forms are refused",
        arguments: ["ec.key", "region-short.key", "region-dsa.key", "region.pem", "README.md"])
    func others(file: String) throws {
        let text = try IdentityFixtures.text(file)
        #expect(throws: CryptoError.self) { try RSAPrivateKey(pem: text) }
    }

    @Test("of modulus and exponent are refused where anybody could sign or verifying would take long")
    func unusable() throws {
        let modulus = try #require(Base64URL.bytes(RFC7515.modulus))
        let bad: [(modulus: [UInt8], exponent: [UInt8])] = [
            ([], Self.exponent), (modulus, []), (modulus, [0]), (modulus, [1]), (modulus, [1, 0, 0]),
            (modulus, [UInt8](repeating: 0xff, count: 9)), (Array(modulus.prefix(128)), Self.exponent),
            ([UInt8](repeating: 0xff, count: 2_048), Self.exponent),
            ([UInt8](repeating: 0, count: 300), Self.exponent),
        ]
        for (modulus, exponent) in bad {
            #expect(throws: CryptoError.self) { try RSAPublicKey(modulus: modulus, exponent: exponent) }
        }
        #expect(try RSAPublicKey(modulus: [0, 0] + modulus, exponent: [0] + Self.exponent).bits == 2_048)
    }

    @Test("that were damaged are refused or sign something, and nothing else happens")
    func hostile() throws {
        var generator = SeededGenerator(seed: 8_017)
        let original = try IdentityFixtures.bytes("pkcs1.key")
        for _ in 0..<200 {
            let text = String(decoding: generator.mutated(original), as: UTF8.self)
            if let key = try? RSAPrivateKey(pem: text) { _ = try? key.signSHA256([1]) }
        }
        let large = String(repeating: "-----BEGIN PRIVATE KEY-----\n", count: 10_000)
        #expect(throws: CryptoError.tooLarge(limit: CryptoPolicy.keyBytes)) { try RSAPrivateKey(pem: large) }
    }
}
