/// An answer as it came.
struct RawResponse: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// What the answer says about its length.
    var contentLength: Int { headers["content-length"].flatMap { Int($0) } ?? 0 }

    /// Whether the answer announces that the connection ends with it.
    var closes: Bool { headers["connection"]?.lowercased() == "close" }

    /// The first head in `bytes`, which is taken out of them; nil while it is not all there.
    static func takeHead(from bytes: inout [UInt8]) -> RawResponse? {
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= end.count,
            let start = (0...bytes.count - end.count).first(where: { bytes[$0..<$0 + 4].elementsEqual(end) })
        else { return nil }
        let lines = String(decoding: bytes[..<start], as: UTF8.self).split(separator: "\r\n")
        bytes.removeFirst(start + end.count)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first else { continue }
            headers[name.lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return RawResponse(status: status ?? 0, headers: headers, body: [])
    }
}
