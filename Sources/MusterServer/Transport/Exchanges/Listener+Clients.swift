import CLinux
import CMicroHTTPD
import Glibc

extension Listener {
    /// Takes note of a new connection.
    func opened(_ connection: OpaquePointer) -> ClientConnection {
        let descriptor = muster_connection_socket(connection)
        let client = ClientConnection(
            key: service.traffic.nextKey(), descriptor: descriptor,
            peer: isUnixSocket
                ? .unixSocket(userID: Self.user(of: descriptor))
                : .network(address: Self.address(of: connection)))
        service.traffic.opened(client)
        return client
    }

    /// Forgets a connection that is about to be closed.
    func closed(_ client: ClientConnection) {
        client.closed()
        service.traffic.closed(client)
    }

    /// Makes the exchange for a request whose first line has been read.
    func began(_ rawTarget: [UInt8], on client: ClientConnection) -> Exchange {
        client.awaitRequest()
        return Exchange(service: service, client: client, rawTarget: rawTarget)
    }

    /// Whose process connected through the unix socket.
    private static func user(of descriptor: Int32) -> UInt32? {
        var user: uid_t = 0
        return clinux_peer_user(descriptor, &user) == 0 ? user : nil
    }

    private static func address(of connection: OpaquePointer) -> String {
        guard let address = muster_connection_address(connection) else { return "" }
        let length =
            Int32(address.pointee.sa_family) == AF_INET6
            ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
            let result = getnameinfo(
                address, socklen_t(length), text.baseAddress, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard result == 0, let start = text.baseAddress else { return "" }
            return String(cString: start)
        }
    }
}
