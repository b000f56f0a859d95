import MusterCore
import MusterRuntime

/// A launch as a provider writes it down before it is sent: as JSON with sorted names, so that equal calls give equal
/// bytes.
protocol StoredCall: Codable, Sendable {}

extension StoredCall {
    /// Reads what `text` gave; nil when this is no such call.
    init?(text: String) {
        guard let call = try? JSON.decode(Self.self, from: Array(text.utf8)) else { return nil }
        self = call
    }

    /// The call, written down.
    var text: String { String(decoding: JSON.encode(self), as: UTF8.self) }
}
