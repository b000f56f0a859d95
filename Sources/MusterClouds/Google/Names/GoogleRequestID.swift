import MusterCore
import MusterCrypto

/// The request ids by which Google recognises a repeated call: UUIDs made of the launch's id alone.
enum GoogleRequestID {
    /// The id of the call for the instance with this index, or of the one call for all.
    static func make(_ launch: LaunchID, index: Int? = nil) -> String {
        var bytes = Array(
            SHA1.hash(namespace + Array("\(launch)/\(index.map(String.init) ?? "all")".utf8)).prefix(16))
        // A name-based UUID (RFC 9562, version 5).
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return text
    }

    /// An arbitrary UUID that keeps our names apart from everybody else's.
    private static let namespace: [UInt8] = [
        0x3d, 0x8c, 0x52, 0x0e, 0x91, 0x47, 0x4a, 0x6b, 0xb6, 0x2f, 0x0d, 0x75, 0xe4, 0x1a, 0xc9, 0x38,
    ]
}
