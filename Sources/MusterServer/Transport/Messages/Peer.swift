/// Where a request came from.
public enum Peer: Hashable, Sendable {
    /// Through the unix socket: a process of the same user, or root.
    ///
    /// The user is the one whose process connected, where the kernel says so.
    case unixSocket(userID: UInt32? = nil)
    /// Through the network, from this numeric address.
    case network(address: String)
}
