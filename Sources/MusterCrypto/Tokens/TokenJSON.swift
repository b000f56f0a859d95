import FoundationEssentials

/// JSON of tokens and keys as bounded values.
enum TokenJSON {
    static func decode<Value: Decodable>(_ bytes: [UInt8], as expected: String) throws(CryptoError) -> Value {
        // The decoder recurses, and what is signed by nobody yet may be nested as deep as it is long.
        guard depth(of: bytes) <= CryptoPolicy.jsonDepth,
            let value = try? JSONDecoder().decode(Value.self, from: Data(bytes))
        else { throw .malformed(expected) }
        return value
    }

    /// How deep brackets are nested at most; those within strings count too, which only refuses more.
    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}
