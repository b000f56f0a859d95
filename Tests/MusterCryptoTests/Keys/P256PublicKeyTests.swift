import MusterCrypto
import Testing

@Suite("Keys on P-256")
struct P256PublicKeyTests {
    private func key() throws -> P256PublicKey {
        try P256PublicKey(
            x: try #require(Base64URL.bytes(RFC7515.x)), y: try #require(Base64URL.bytes(RFC7515.y)))
    }

    @Test("verify RFC 7515's signature and no other")
    func vector() throws {
        let key = try key()
        let text = Array(RFC7515.curveText.utf8)
        let signature = try #require(Base64URL.bytes(RFC7515.curveSignature))
        #expect(key.verifiesES256(signature, of: text))
        #expect(!key.verifiesES256(signature, of: Array(RFC7515.rsaText.utf8)))
        for place in signature.indices {
            var forged = signature
            forged[place] ^= 0x10
            #expect(!key.verifiesES256(forged, of: text))
        }
    }

    @Test(
        "take no signature of zeros, of the largest numbers, or of another length",
        arguments: [(0, 64), (0xff, 64), (1, 0), (1, 63), (1, 65)] as [(UInt8, Int)])
    func edges(byte: UInt8, count: Int) throws {
        let signature = [UInt8](repeating: byte, count: count)
        #expect(!(try key()).verifiesES256(signature, of: Array(RFC7515.curveText.utf8)))
    }

    @Test("that are no points on the curve are refused")
    func offTheCurve() throws {
        let x = try #require(Base64URL.bytes(RFC7515.x))
        let zeros = [UInt8](repeating: 0, count: 32)
        for (x, y) in [(x, x), (zeros, zeros), (x, []), (x + [0], x)] {
            #expect(throws: CryptoError.malformed("a point on the curve P-256")) {
                try P256PublicKey(x: x, y: y)
            }
        }
    }
}
