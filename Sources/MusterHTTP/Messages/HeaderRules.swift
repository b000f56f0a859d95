/// What a header that we send may look like.
public enum HeaderRules {
    /// What is wrong with a header, or `nil`. Never quotes the value, which may be a credential.
    public static func fault(name: String, value: String) -> String? {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            return "a header's name is one or more letters, digits or any of !#$%&'*+-.^_`|~"
        }
        guard value.utf8.allSatisfy(isValueByte) else {
            return "a header's value has no line breaks or other control characters"
        }
        guard !framing.contains(name.lowercased()) else {
            return "\(name) follows from the body and cannot be set"
        }
        return nil
    }

    // A second opinion on where the body ends is how one request is smuggled inside another.
    private static let framing: Set<String> = ["content-length", "transfer-encoding"]

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\t") || (byte >= 32 && byte != 127)
    }
}
