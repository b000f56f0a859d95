import MusterCrypto

/// A request as AWS's Signature Version 4 sees it.
struct SignableRequest {
    var method: String
    /// The path, not encoded; "/" at least. It is signed as it is, without anything being normalized.
    var path = "/"
    /// The query's names and values, not encoded.
    var query: [(name: String, value: String)] = []
    /// Every header that is signed: `host` and `x-amz-date` among them.
    var headers: [(name: String, value: String)]
    var body: [UInt8] = []

    /// The names of the headers in the order in which they are signed.
    var signedHeaders: String { grouped.map(\.name).joined(separator: ";") }

    /// The canonical form of the request.
    var canonical: String {
        let path = PercentEncoding.encode(path, keeping: [UInt8(ascii: "/")])
        let query = query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let headers = grouped.map { "\($0.name):\($0.value)\n" }.joined()
        return [method, path, query, headers, signedHeaders, SHA256.hex(body)].joined(separator: "\n")
    }

    /// The headers by their names in lower case, sorted; of one name the values in the order in which they came.
    private var grouped: [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in headers {
            values[header.name.lowercased(), default: []].append(Self.trimmed(header.value))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Without white space at both ends, and with single spaces within.
    private static func trimmed(_ value: String) -> String {
        value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
    }
}
