/// The calls to one host: who may have a connection, and who waits for one.
///
/// libcurl has such a line too, but one for all hosts: it lets the first in it try when any connection comes free,
/// and no other when that one's host still has none. Calls to a host that hangs would hold up all others. So no more
/// calls are given to it than it has connections for.
struct HostLine {
    /// How many calls a connection carries at once.
    enum Sharing: Hashable {
        case unknown
        /// One (HTTP/1.1).
        case alone
        /// Many (HTTP/2).
        case shared
    }

    private let connections: Int
    private let isSecure: Bool
    private var waiting: [Call] = []
    private var running = 0
    /// Those that run and have a connection.
    private var connected = 0
    private(set) var sharing: Sharing

    /// A line for a host to which so many connections may be open.
    init(connections: Int, isSecure: Bool) {
        self.connections = connections
        self.isSecure = isSecure
        // Both ends agree on HTTP/2 within TLS, and not without it.
        sharing = isSecure ? .unknown : .alone
    }

    /// Whether nobody runs or waits.
    var isEmpty: Bool { running == 0 && waiting.isEmpty }

    /// Who waits, in order.
    var calls: [Call] { waiting }

    /// Puts a call at the end.
    mutating func append(_ call: Call) { waiting.append(call) }

    /// Takes a call out; whether it was there.
    mutating func remove(_ call: Call) -> Bool {
        guard let index = waiting.firstIndex(where: { $0 === call }) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// The next call that may run, and counts it as one that does; nil when there is none, or no room.
    mutating func next() -> Call? {
        guard running < room, !waiting.isEmpty else { return nil }
        running += 1
        return waiting.removeFirst()
    }

    /// One that runs has a connection.
    mutating func connect() { connected += 1 }

    /// One that ran does so no more.
    ///
    /// - Parameter learned: what its answer told of the host.
    mutating func end(wasConnected: Bool, learned: Sharing?) {
        running -= 1
        if wasConnected { connected -= 1 }
        if let learned { sharing = isSecure ? learned : .alone }
    }

    /// Where a connection may be shared, one call opens it, and the others wait to see whether it is.
    private var room: Int {
        switch sharing {
        case .alone: connections
        case .unknown: connected == 0 ? 1 : connections
        case .shared: connected == 0 ? 1 : max(connections, HTTPPolicy.streamsPerHost)
        }
    }
}
