import FoundationEssentials
import MusterCore
import MusterCrypto
import Testing

@Suite("Base64URL")
struct Base64URLTests {
    @Test(
        "writes RFC 4648's examples without their padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(text: String, encoded: String) {
        #expect(Base64URL.text(Array(text.utf8)) == encoded)
    }

    @Test("uses the two characters that URLs allow")
    func alphabet() {
        #expect(Base64URL.text([0xfb, 0xff, 0xbf]) == "-_-_")
    }

    @Test("is read back by Foundation's decoder, whatever the bytes")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 4_648)
        for length in 0...200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var text = String(Base64URL.text(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
            text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            #expect(Array(try #require(Data(base64Encoded: text))) == bytes)
        }
    }
}
