/// How much the HTTP server takes, and for how long it waits.
public enum HTTPPolicy {
    /// The largest request line with headers. Credentials and a long query fit in a tenth of it.
    public static let headerBytes = 16 * 1024

    /// The largest body of a request that nobody has allowed more: a pool definition is a tenth of it.
    public static let bodyBytes = 1024 * 1024

    /// How much of a chunked body that is too large is read so that the client sees the refusal; what
    /// sends more than this is cut off.
    public static let discardedBytes = 8 * 1024 * 1024

    /// The open connections of one listener: each long poll holds one, and each may hold a body.
    public static let connections = 2048

    /// How long a connection may be silent. Longer than the 60 s of common proxies, so that the proxy
    /// closes first and never sends into a closing connection.
    public static let idleTime = Duration.seconds(75)

    /// How long a client may take to send one request, however steadily it trickles.
    public static let receiveTime = Duration.seconds(120)

    /// How long a handler may take: several times the longest long poll (30 s).
    public static let handlerTime = Duration.seconds(120)

    /// How long handlers that were cancelled by a stop may take to give their answer.
    public static let cancellationTime = Duration.seconds(2)

    /// How long a stopping server waits for its last answers to be taken.
    public static let flushTime = Duration.seconds(1)

    /// How often overdue requests are looked for: fine enough for limits of minutes.
    public static let sweepInterval = Duration.seconds(1)

    /// Connections that the kernel holds for us before they are accepted; the kernel caps it.
    public static let backlog: Int32 = 1024

    /// The memory of a connection: headers and what the library notes about them, and the headers of the
    /// answer. Above the limit on headers by so much that the limit is ours to report, as JSON.
    static func connectionMemory(headerBytes: Int) -> Int { 2 * headerBytes + 32 * 1024 }
}

/// How much one answer of the API holds.
enum RoutePolicy {
    /// Elements of a page: a thousand tasks with their payloads still come in one answer.
    static let pageSize = 1_000

    /// Bytes for a user's entry in the machine's list: names, folder and shell are some hundred.
    static let userEntryBytes = 4_096

    /// Seconds for which a question may ask to wait; what it really waits is bounded by the engine.
    static let longestWait = 3_600
}
