import Glibc
import MusterCore

/// Makes listening TCP sockets.
enum TCPListening {
    /// A socket that listens at `address`, and the port it got.
    static func open(
        _ address: HTTPServerConfiguration.TCPAddress
    ) throws(Problem) -> (descriptor: Int32, port: UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0, let found = list else {
            throw Problem(
                .inputInvalid, "The address to listen on has to be a numeric one, not \(address.host).")
        }
        defer { freeaddrinfo(found) }
        let descriptor = try listeningSocket(found.pointee, at: "\(address.host) port \(address.port)")
        return (descriptor, boundPort(descriptor))
    }

    private static func listeningSocket(_ info: addrinfo, at place: String) throws(Problem) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(info.ai_family, type, 0)
        guard descriptor >= 0 else { throw .system("Cannot make a socket for \(place)") }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        if info.ai_family == AF_INET6 {
            // `::` must not silently mean every IPv4 address as well.
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size)
        }
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0,
            listen(descriptor, HTTPPolicy.backlog) == 0
        else {
            let number = errno
            close(descriptor)
            throw .system(
                "Cannot listen on \(place)", code: number == EADDRINUSE ? .conflict : .unavailable,
                number: number)
        }
        return descriptor
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let base = bytes.baseAddress,
                getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return 0 }
            // The port is at the same place in both families.
            return UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
    }
}
