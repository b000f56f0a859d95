/// What a process says of itself to those beside it.
public struct ReplicaFacts: Sendable {
    /// The machine it runs on.
    public var host: String
    /// Its number there.
    public var pid: Int
    /// The version of the program.
    public var version: String
    /// What tells it from those that had its name before; empty when there were none.
    public var incarnation: String

    /// Facts of a process of which nobody asks.
    public init(host: String = "", pid: Int = 0, version: String = "", incarnation: String = "") {
        self.host = host
        self.pid = pid
        self.version = version
        self.incarnation = incarnation
    }
}
