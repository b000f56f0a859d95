import MusterCore
import MusterRuntime

/// The error of an answer, of an operation or of a machine, at its deepest: what lies around it says only that
/// something failed.
struct AzureErrorBody: Hashable, Sendable {
    var code: String
    var message: String

    init(code: String, message: String) {
        self.code = String(code.prefix(128))
        self.message = String(message.prefix(1_000))
    }

    /// Reads `{"error": {"code", "message", "details"}}`; nil where there is no code.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.limit, let document = try? JSON.document(bytes) else { return nil }
        self.init(document, depth: 0)
    }

    private init?(_ document: Document, depth: Int) {
        guard depth < Self.levels else { return nil }
        let error = document["error"] ?? document["Error"] ?? document
        guard let code = error["code"]?.asText ?? error["Code"]?.asText else { return nil }
        let message = error["message"]?.asText ?? error["Message"]?.asText ?? ""
        // Details may be several: the first is what stopped the others.
        for detail in error["details"]?.asList ?? [] {
            if let inner = AzureErrorBody(detail, depth: depth + 1) {
                self = inner
                return
            }
        }
        // A deployment quotes the answer to one of its calls as text.
        if message.hasPrefix("{"), let document = try? JSON.document(Array(message.utf8)),
            let inner = AzureErrorBody(document, depth: depth + 1)
        {
            self = inner
            return
        }
        self.init(code: code, message: message)
    }

    private static let levels = 6
    private static let limit = 1 << 20
}
