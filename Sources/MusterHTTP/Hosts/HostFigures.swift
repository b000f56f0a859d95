import MusterCore

/// What became of the calls to one host since the start.
public struct HostFigures: Codable, Hashable, Sendable {
    /// Scheme, host and port, and the socket when there is one.
    public var host: String
    /// Calls that are over.
    public var calls = 0
    /// Those among them that were not answered, by the problem's code.
    public var failures: [String: Int] = [:]
    /// Connections that were opened.
    public var connections = 0
    /// Calls that wait for a connection, now.
    public var waiting = 0
    /// Calls that have or open a connection, now.
    public var running = 0

    /// Figures of a host that was never called.
    public init(host: String) { self.host = host }

    /// Counts a call as over.
    mutating func end(_ failure: Problem?) {
        calls += 1
        if let failure { failures[failure.code.rawValue, default: 0] += 1 }
    }
}
