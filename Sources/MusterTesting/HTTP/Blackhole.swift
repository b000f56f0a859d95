import Glibc

/// An address of the loopback host at which connections are neither taken nor refused, as behind a dead router. Gone
/// with its value.
public final class Blackhole: Sendable {
    private let port: UInt16
    private let descriptors: [Int32]

    /// Opens it: once the queue of a listener that accepts nothing is full, the kernel drops further attempts.
    public init() throws {
        let listener = try ListeningSocket.onLoopback(backlog: 0)
        port = listener.port
        descriptors = [listener.descriptor] + (0..<4).map { _ in Self.startConnecting(to: listener.port) }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Its address.
    public var url: String { "http://127.0.0.1:\(port)/" }

    private static func startConnecting(to port: UInt16) -> Int32 {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_INET, Int32(type), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        address.sin_port = port.bigEndian
        withUnsafeBytes(of: &address) { bytes in
            _ = connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        return descriptor
    }
}
