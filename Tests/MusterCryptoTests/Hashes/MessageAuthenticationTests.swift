import MusterCrypto
import Testing

@Suite("HMAC-SHA256")
struct MessageAuthenticationTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: [UInt8]
        let message: [UInt8]
        /// All of the code's digits, or the first of them in the case of truncation.
        let code: String

        init(_ name: String, key: [UInt8], _ message: [UInt8], _ code: String) {
            testDescription = name
            self.key = key
            self.message = message
            self.code = code
        }
    }

    private static func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
        [UInt8](repeating: byte, count: count)
    }

    private static let vectors = [
        Vector(
            "test case 1", key: repeated(0x0b, 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            "test case 2", key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            "test case 3", key: repeated(0xaa, 20), repeated(0xdd, 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            "test case 4", key: Array(1...25), repeated(0xcd, 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            "test case 5", key: repeated(0x0c, 20), Array("Test With Truncation".utf8),
            "a3b6167473100ee06e0c796c2955552b"),
        Vector(
            "test case 6", key: repeated(0xaa, 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            "test case 7", key: repeated(0xaa, 131),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test("gives the codes of RFC 4231", arguments: vectors)
    func vector(_ vector: Vector) {
        let code = MessageAuthentication.code(vector.message, key: vector.key)
        #expect(code.count == 32)
        #expect(hex(code).hasPrefix(vector.code))
    }

    @Test("takes an empty key and an empty message")
    func empty() {
        #expect(
            hex(MessageAuthentication.code([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test(
        "compares all bytes and the length",
        arguments: [
            ([], [], true), ([1, 2, 3], [1, 2, 3], true), ([1, 2, 3], [1, 2, 4], false),
            ([1, 2, 3], [0, 2, 3], false), ([1, 2, 3], [1, 2], false), ([], [0], false),
        ] as [([UInt8], [UInt8], Bool)])
    func comparison(left: [UInt8], right: [UInt8], areEqual: Bool) {
        #expect(MessageAuthentication.areEqual(left, right) == areEqual)
        #expect(MessageAuthentication.areEqual(right, left) == areEqual)
    }
}
