/// Where a request came from.
public enum Peer: Hashable, Sendable {
    /// Through the unix socket: a process of the same user, or root.
    case unixSocket
    /// Through the network, from this numeric address.
    case network(address: String)
}
