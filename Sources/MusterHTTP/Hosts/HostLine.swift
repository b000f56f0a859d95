/// The calls to one host: who may have a connection, and who waits for one.
///
/// libcurl has such a line too, but one for all hosts: it lets the first in it try when any connection comes free,
/// and no other when that one's host still has none. Calls to a host that hangs would hold up all others. So no more
/// calls are given to it than it has connections for. Many regions of a cloud may be one host, so that the same is
/// seen to within a line: who waits stands in a lane, and a lane whose calls take long leaves room for the others.
struct HostLine {
    /// How many calls a connection carries at once.
    enum Sharing: Hashable {
        case unknown
        /// One (HTTP/1.1).
        case alone
        /// Many (HTTP/2).
        case shared
    }

    private struct Lane {
        var waiting: [(call: Call, arrival: Int)] = []
        var running = 0
    }

    private let connections: Int
    private let isSecure: Bool
    private var lanes: [String?: Lane] = [:]
    private var arrivals = 0
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
    var isEmpty: Bool { lanes.isEmpty }

    /// Who waits, in the order in which they came.
    var calls: [Call] {
        lanes.values.flatMap(\.waiting).sorted { $0.arrival < $1.arrival }.map(\.call)
    }

    /// Puts a call at the end of its lane.
    mutating func append(_ call: Call) {
        arrivals += 1
        lanes[call.request.lane, default: Lane()].waiting.append((call, arrivals))
    }

    /// Takes a call out; whether it was there.
    mutating func remove(_ call: Call) -> Bool {
        let lane = call.request.lane
        guard let index = lanes[lane]?.waiting.firstIndex(where: { $0.call === call }) else { return false }
        lanes[lane]?.waiting.remove(at: index)
        forget(lane)
        return true
    }

    /// The next call that may run, and counts it as one that does; nil when there is none, or no room for it.
    ///
    /// It is the lane's turn that has the fewest calls running, and among such who came first.
    mutating func next() -> Call? {
        let free = room - running
        let open = lanes.compactMap { name, lane in
            lane.waiting.first.flatMap { first in
                Self.mayRun(lane, name, free: free)
                    ? (name: name, running: lane.running, arrival: first.arrival) : nil
            }
        }
        guard let turn = open.min(by: { ($0.running, $0.arrival) < ($1.running, $1.arrival) }) else {
            return nil
        }
        running += 1
        lanes[turn.name]?.running += 1
        return lanes[turn.name]?.waiting.removeFirst().call
    }

    /// One that runs has a connection.
    mutating func connect() { connected += 1 }

    /// One that ran does so no more.
    ///
    /// - Parameter learned: what its answer told of the host.
    mutating func end(_ call: Call, wasConnected: Bool, learned: Sharing?) {
        running -= 1
        lanes[call.request.lane]?.running -= 1
        forget(call.request.lane)
        if wasConnected { connected -= 1 }
        if let learned { sharing = isSecure ? learned : .alone }
    }

    /// However many lanes there are, what is free shrinks with each and is never all gone to those that are there:
    /// one has three quarters of the room at most, two have six sevenths.
    private static func mayRun(_ lane: Lane, _ name: String?, free: Int) -> Bool {
        free > 0 && (name == nil || lane.running < HTTPPolicy.laneShare * free)
    }

    private mutating func forget(_ lane: String?) {
        if let left = lanes[lane], left.running == 0, left.waiting.isEmpty { lanes[lane] = nil }
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
