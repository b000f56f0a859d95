/// What a process says of itself to those beside it.
public struct ReplicaFacts: Sendable {
    /// The machine it runs on.
    public var host: String
    /// Its number there.
    public var pid: Int
    /// The version of the program.
    public var version: String

    /// Facts of a process of which nobody asks.
    public init(host: String = "", pid: Int = 0, version: String = "") {
        self.host = host
        self.pid = pid
        self.version = version
    }
}
