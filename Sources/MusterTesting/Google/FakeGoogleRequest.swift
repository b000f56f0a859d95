import MusterCore
import MusterRuntime

/// A request taken apart.
struct FakeGoogleRequest {
    let method: String
    /// The segments of the path.
    let path: [String]
    let query: [String: String]
    let body: [UInt8]
    let headers: [String: String]

    init(_ request: ReceivedRequest) {
        method = request.method
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        path = (parts.first ?? "").split(separator: "/").map { Self.unescaped(String($0)) }
        query = Self.form(parts.count > 1 ? parts[1] : "")
        body = request.body
        headers = Dictionary(
            request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The body as a form.
    var form: [String: String] { Self.form(String(decoding: body, as: UTF8.self)) }
    /// The body as JSON.
    var document: Document? { try? JSON.document(body) }
    /// Whether it asks for instances.
    var isLaunch: Bool { method == "POST" && ["instances", "bulkInsert"].contains(path.last ?? "") }
    /// The token that it carries.
    var token: String? {
        headers["authorization"].flatMap {
            $0.hasPrefix("Bearer ") ? String($0.dropFirst("Bearer ".count)) : nil
        }
    }

    private static func form(_ text: String) -> [String: String] {
        Dictionary(
            text.split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (unescaped(String(parts[0])), parts.count > 1 ? unescaped(String(parts[1])) : "")
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            {
                bytes.append(value)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What is done with a request, and how the answer goes wrong.
struct FakeGoogleOutcome {
    var status: Int
    var body: GoogleJSON
    var headers: [(String, String)] = []
    var fault: Fault?
    var isLate = false

    enum Fault { case hangsUp, givesHalf }

    init(_ answer: FakeGoogleState.Answer) {
        status = answer.status
        body = answer.body
    }

    static var hangUp: FakeGoogleOutcome {
        var outcome = FakeGoogleOutcome((200, [:]))
        outcome.fault = .hangsUp
        return outcome
    }

    func reply(date: String) -> Reply {
        let bytes = body.bytes
        switch fault {
        case .hangsUp: return .hangUp
        case .givesHalf:
            let head = "HTTP/1.1 \(status) Said\r\nContent-Length: \(bytes.count)\r\n\r\n"
            return .raw(Array(head.utf8) + bytes.prefix(bytes.count / 2))
        case nil:
            let own = [("Content-Type", "application/json"), ("Date", date)] + headers
            return .answer(status: status, headers: own, body: bytes)
        }
    }
}
