import MusterCore

/// Texts as Azure writes and reads them.
enum AzureText {
    /// `text` as a part of a URL or a form: all but unreserved characters by their bytes.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    /// A moment as Azure writes it: with seven digits of a second's fraction, and an offset of zero.
    static func moment(_ text: String?) -> Timestamp? {
        guard let text else { return nil }
        return Timestamp(text.hasSuffix("+00:00") ? text.dropLast(6) + "Z" : text)
    }

    /// The last part of a resource's id.
    static func name(ofID id: String) -> String { String(id.split(separator: "/").last ?? "") }
}
