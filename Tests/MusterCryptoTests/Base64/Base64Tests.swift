import FoundationEssentials
import MusterCore
import MusterCrypto
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "writes and reads RFC 4648's examples",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func examples(text: String, encoded: String) {
        #expect(Base64.text(Array(text.utf8)) == encoded)
        #expect(Base64.bytes(encoded) == Array(text.utf8))
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64URL.bytes(unpadded) == Array(text.utf8))
    }

    @Test(
        "takes one way to write bytes and no other",
        arguments: [
            "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zm9v=", "Zm9vYg==Zm9v", "Zm 9v",
            "Zm9v\n",
            "Zm-v", "Zm_v", "Zm9v\0", "Zé==", "Zg==\n",
        ])
    func strict(text: String) {
        #expect(Base64.bytes(text) == nil)
    }

    @Test(
        "takes one way to write bytes for URLs and no other",
        arguments: ["Z", "Zh", "Zm9", "Zg==", "Zm8=", "Zm+v", "Zm/v", "Zm9vY", " Zg", "Zg\n"])
    func strictForURLs(text: String) {
        #expect(Base64URL.bytes(text) == nil)
    }

    @Test("takes line breaks where they are allowed, and nothing else between")
    func wrapped() {
        #expect(Base64.bytes(wrapped: "Zm9v\nYm\r\nFy\n") == Array("foobar".utf8))
        #expect(Base64.bytes(wrapped: "Zm9v Ym Fy") == nil)
        #expect(Base64.bytes(wrapped: "Zm9v\tYmFy") == nil)
    }

    @Test("agrees with Foundation's, whatever the bytes")
    func roundTrip() {
        var generator = SeededGenerator(seed: 4_648)
        for length in 0...200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
            #expect(Base64.bytes(Base64.text(bytes)) == bytes)
            #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
        }
    }
}
