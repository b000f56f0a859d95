import MusterCrypto
import Testing

@Suite("Secret bytes")
struct SecretBytesTests {
    @Test("have the length asked for and are never the same twice")
    func differ() throws {
        var seen: Set<[UInt8]> = []
        for _ in 0..<1_000 {
            let bytes = try #require(SecretBytes.make(16))
            #expect(bytes.count == 16)
            #expect(seen.insert(bytes).inserted)
        }
        #expect(SecretBytes.make(0) == [])
    }

    @Test("use every value of a byte")
    func values() throws {
        // Of 64 KiB at random one value is missing with a chance below 10^-100.
        #expect(Set(try #require(SecretBytes.make(65_536))).count == 256)
    }
}
