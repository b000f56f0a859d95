import FoundationEssentials
import MusterTesting

/// Reads base64 for tests.
enum Base64Text {
    static func decoded(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map(Array.init) }
}

/// The parameters of a form that was written out.
func formParameters(_ text: String) -> FormParameters { FormParameters(Array(text.utf8)) }
