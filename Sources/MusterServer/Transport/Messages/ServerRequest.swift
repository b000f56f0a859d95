/// A whole request, body included.
public struct ServerRequest: Sendable {
    /// The id of the request, from the server's generator.
    public let id: String
    /// The method as it was sent (methods are case-sensitive; `GET`, not `get`).
    public let method: String
    /// The segments of the path, each decoded by itself: `/a/b%2Fc` is `["a", "b/c"]`.
    ///
    /// `/` has no segments; a slash at the end is an empty last one, so `/a/` (`["a", ""]`) is not `/a`.
    /// `.` and `..` never occur.
    public let path: [String]
    /// The target of the request line, byte for byte.
    public let rawTarget: String
    /// The query in order, decoded, with `+` as space.
    public let query: [(name: String, value: String)]
    /// The headers in order, with names as sent and values trimmed.
    public let headers: [(name: String, value: String)]
    /// The body, within the limit for this request.
    public let body: [UInt8]
    /// Who sent it.
    public let peer: Peer

    private let watch: @Sendable () -> Void

    /// Makes a request; `watch` is what `watchForHangUp()` does.
    public init(
        id: String, method: String, path: [String], rawTarget: String,
        query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], peer: Peer, watch: @escaping @Sendable () -> Void = {}
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.rawTarget = rawTarget
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
        self.watch = watch
    }

    /// The value of the first header with this name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.equalsIgnoringASCIICase(name) }?.value
    }

    /// The value of the first query item with this name.
    public func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// From now on, cancels the handler's task at once when the client leaves.
    ///
    /// For handlers that wait: a system call for each request that asks, so quick ones should not. A
    /// client that closes only its sending half counts as gone.
    public func watchForHangUp() { watch() }
}
