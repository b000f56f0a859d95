/// The answer to a call, whatever its status: a redirect or an error status is an answer too.
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public let status: Int
    /// In order, names as the server sent them (HTTP/2 sends them in lower case).
    public let headers: [(name: String, value: String)]
    /// The bytes as they came, not decompressed.
    public let body: [UInt8]
    /// How often the request was sent for it: again when a connection that was used before broke under it, and then the
    /// first may have been carried out.
    public let sendings: Int

    /// Makes an answer.
    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8], sendings: Int = 1) {
        self.status = status
        self.sendings = sendings
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name, in any case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

// An answer can hold credentials, so printing one must not show them.
extension HTTPResponse: CustomStringConvertible, CustomReflectable {
    /// The status and the size.
    public var description: String { "status \(status), \(body.count) bytes" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
