/// The target of a request line, taken apart.
///
/// Split first and decoded afterwards, each segment by itself, so that no escape can move a boundary.
struct RequestTarget {
    /// Host and port, when the target was a whole URL.
    let authority: String?
    /// The decoded segments of the path; see `ServerRequest.path`.
    let path: [String]
    /// The decoded query.
    let query: [(name: String, value: String)]

    /// Reads `raw`, or refuses it with 400.
    init(parsing raw: [UInt8]) throws(Refusal) {
        guard raw.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw .malformed("The request target has a character that has to be escaped.")
        }
        let (authority, local) = try Self.splitAuthority(raw[...])
        let queryMark = local.firstIndex(of: UInt8(ascii: "?")) ?? local.endIndex
        self.authority = authority
        path = try Self.path(local[..<queryMark])
        query = try Self.query(local[queryMark...].dropFirst())
    }

    private static func splitAuthority(
        _ raw: ArraySlice<UInt8>
    ) throws(Refusal) -> (authority: String?, local: ArraySlice<UInt8>) {
        if raw.first == UInt8(ascii: "/") { return (nil, raw) }
        let text = String(decoding: raw, as: UTF8.self)
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefixIgnoringASCIICase) else {
            throw .malformed("The request target has to be a path that starts with a slash.")
        }
        let rest = raw.dropFirst(scheme.utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let local = rest[end...]
        let path = local.first == UInt8(ascii: "/") ? local : [UInt8(ascii: "/")] + local
        return (String(decoding: rest[..<end], as: UTF8.self), path)
    }

    private static func path(_ raw: ArraySlice<UInt8>) throws(Refusal) -> [String] {
        let pieces = raw.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if pieces.count == 1, pieces.allSatisfy(\.isEmpty) { return [] }
        var segments: [String] = []
        for piece in pieces {
            let segment = try PercentEncoding.decode(piece)
            guard segment != ".", segment != ".." else {
                throw .malformed("The path has a segment `.` or `..`.")
            }
            segments.append(segment)
        }
        return segments
    }

    private static func query(
        _ raw: ArraySlice<UInt8>
    ) throws(Refusal) -> [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        for piece in raw.split(separator: UInt8(ascii: "&")) {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            let name = try PercentEncoding.decode(piece[..<equals], plusIsSpace: true)
            let value = try PercentEncoding.decode(piece[equals...].dropFirst(), plusIsSpace: true)
            items.append((name, value))
        }
        return items
    }
}
