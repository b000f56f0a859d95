import MusterCore
import MusterCrypto

/// Names and labels of our own by Google's rules, from which our ids can be read again.
///
/// A name is up to 63 lower-case letters, digits and dashes, with a letter first and no dash last; a label's value
/// may be the same. A launch id that fits is used as it is, as every id that Muster makes; any other is written in
/// base 32 after a mark that no id that is used as it is begins with.
enum GoogleName {
    /// The mark of an id in base 32: 38 characters of 6 bits become 46.
    private static let encodedMark = "x0"
    /// The mark of a hash, for text that is no id.
    private static let hashedMark = "x1"
    private static let digits = Array("0123456789abcdefghijklmnopqrstuv".utf8)
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The name of a launch's instance with this index.
    static func instance(of launch: LaunchID, _ index: Int) -> String { "\(text(launch.rawValue))-\(index)" }

    /// The label by which a launch's instances are found.
    static func label(_ launch: LaunchID) -> String { text(launch.rawValue) }

    /// The launch that a label names; nil when it is none of ours.
    static func launch(ofLabel label: String) -> LaunchID? {
        guard label.hasPrefix(encodedMark) else {
            return fits(label) ? LaunchID(rawValue: label) : nil
        }
        guard let text = decoded(label.dropFirst(encodedMark.count)), LaunchID.accepts(text), !fits(text)
        else {
            return nil
        }
        return LaunchID(rawValue: text)
    }

    /// A label for a text of any kind: itself where it fits, else an encoding, else a hash. Equal texts have equal
    /// labels, and no two have the same.
    static func label(_ text: String) -> String {
        LaunchID.accepts(text) ? self.text(text) : hashedMark + SHA256.hex(text).prefix(40)
    }

    /// A label for people, such as a pool's in a bill: readable, and cut where it does not fit. A text that does not
    /// read back has a part of its hash at its end, so that two are never one.
    static func readable(_ text: String) -> String {
        let plain = text.lowercased().utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "-")
            }
        }
        let label = String(decoding: plain, as: UTF8.self)
        if label.replacing("_", with: "/") == text, label.utf8.count <= 63 { return label }
        return String(label.prefix(50)) + "-" + SHA256.hex(text).prefix(12)
    }

    private static func text(_ id: String) -> String { fits(id) ? id : encodedMark + encoded(id) }

    /// Whether an id can be used as it is, with a dash and an index after it.
    private static func fits(_ id: String) -> Bool {
        LaunchID.accepts(id) && GoogleAddress.isName(id) && !id.hasPrefix(encodedMark)
            && !id.hasPrefix(hashedMark)
    }

    /// Six bits of each character, the first in the highest; zeros fill the last digit.
    private static func encoded(_ id: String) -> String {
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in id.utf8 {
            bits = bits << 6 | (alphabet.firstIndex(of: byte) ?? 0)
            count += 6
            while count >= 5 {
                count -= 5
                result.append(digits[bits >> count & 31])
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { result.append(digits[bits << (5 - count) & 31]) }
        return String(decoding: result, as: UTF8.self)
    }

    private static func decoded(_ text: Substring) -> String? {
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in text.utf8 {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            bits = bits << 5 | digit
            count += 5
            if count >= 6 {
                count -= 6
                result.append(alphabet[bits >> count])
                bits &= (1 << count) - 1
            }
        }
        let id = String(decoding: result, as: UTF8.self)
        // One text for one id: what fills the last digit is zero, and there is no digit too many.
        return encoded(id) == String(text) ? id : nil
    }
}
