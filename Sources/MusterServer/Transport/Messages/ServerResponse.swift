/// A whole answer.
public struct ServerResponse: Sendable {
    /// The status, from 200 to 599.
    public var status: Int
    /// The headers in order. `Content-Length`, `Transfer-Encoding` and `Date` are the server's own and
    /// are left out if they occur here; so are empty values. All of them must fit into 16 KiB.
    public var headers: [(name: String, value: String)]
    /// The body. Not sent in answer to `HEAD`, which still learns its length.
    public var body: [UInt8]

    /// Makes an answer.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer with a body of the media type `type`.
    public init(status: Int = 200, type: String, body: [UInt8]) {
        self.init(status: status, headers: [("Content-Type", type)], body: body)
    }

    /// An answer with a JSON document that is already text.
    public static func json(_ text: String, status: Int = 200) -> ServerResponse {
        ServerResponse(status: status, type: "application/json", body: Array(text.utf8))
    }

    /// An answer with plain text.
    public static func text(_ text: String, status: Int = 200) -> ServerResponse {
        ServerResponse(status: status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// The same answer with one more header.
    public func adding(_ name: String, _ value: String) -> ServerResponse {
        var response = self
        response.headers.append((name, value))
        return response
    }
}
