import MusterCore

/// An answer before it is written.
struct AzureAnswer {
    var status = 200
    var headers: [(String, String)] = []
    var body: Document?

    init(_ status: Int = 200, _ body: Document? = nil, headers: [(String, String)] = []) {
        self.status = status
        self.body = body
        self.headers = headers
    }

    /// An error as the resource manager writes it.
    static func error(_ status: Int, _ code: String, _ message: String, headers: [(String, String)] = [])
        -> AzureAnswer
    {
        AzureAnswer(
            status, .object(["error": .object(["code": .string(code), "message": .string(message)])]),
            headers: headers)
    }

    /// As it goes over the wire.
    func reply(date: String) -> Reply {
        var all = headers
        all.append(("Date", date))
        all.append(("Content-Type", "application/json; charset=utf-8"))
        return .answer(status: status, headers: all, body: body.map { Array($0.canonicalJSON.utf8) } ?? [])
    }

    /// Half of it, after which the connection ends.
    func half(date: String) -> Reply {
        let body = body.map { Array($0.canonicalJSON.utf8) } ?? []
        let head = "HTTP/1.1 \(status) Said\r\nDate: \(date)\r\nContent-Length: \(body.count + 10)\r\n\r\n"
        return .raw(Array(head.utf8) + body.prefix(body.count / 2))
    }
}

/// A request, taken apart.
struct AzureQuestion {
    var method: String
    var path: String
    var query: [String: String]
    var headers: [String: String]
    var body: [UInt8]

    init(_ request: ReceivedRequest) {
        method = request.method
        let parts = request.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = Self.decoded(String(parts[0]))
        query = Self.form(parts.count > 1 ? String(parts[1]) : "")
        headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        body = request.body
    }

    /// Whether it asks for a machine.
    var isLaunch: Bool { method == "PUT" }

    /// The parts of the path, in small letters.
    var parts: [String] { path.lowercased().split(separator: "/").map(String.init) }

    static func form(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[decoded(String(parts[0]))] = parts.count > 1 ? decoded(String(parts[1])) : ""
        }
        return fields
    }

    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 32 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
