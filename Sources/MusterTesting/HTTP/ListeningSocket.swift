import Glibc

/// A socket on the loopback address or at a path, ready to accept.
public enum ListeningSocket {
    /// A call that the system refused.
    public struct Failure: Error {
        let call: String
        let code = errno

        /// The failure of `call`, with the system's number as it is now.
        public init(call: String) { self.call = call }
    }

    /// Listens on a free port and tells which.
    public static func onLoopback(backlog: Int32 = 512) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        try listen(descriptor, at: &address, backlog: backlog)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard code == 0 else { throw Failure(call: "getsockname") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Listens at a path, which must be free.
    public static func at(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try listen(descriptor, at: &address, backlog: 512)
        return descriptor
    }

    private static func listen<Address>(_ descriptor: Int32, at address: inout Address, backlog: Int32) throws
    {
        let length = socklen_t(MemoryLayout<Address>.size)
        let code = withUnsafeBytes(of: &address) { bytes in
            bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
        guard descriptor >= 0, code == 0, Glibc.listen(descriptor, backlog) == 0 else {
            throw Failure(call: "listen")
        }
    }
}
