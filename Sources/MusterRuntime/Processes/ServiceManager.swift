import Glibc

/// Tells the service manager that started this process how far it is, as `sd_notify(3)` does.
public enum ServiceManager {
    /// What can be told.
    public enum Notice: String, Sendable {
        /// Start-up is over: calls are answered.
        case ready = "READY=1"
        /// The process has begun to end.
        case stopping = "STOPPING=1"
    }

    /// Sends a notice to the socket that `NOTIFY_SOCKET` of `environment` names; without one, nobody wants to
    /// know.
    ///
    /// - Returns: whether it was sent.
    @discardableResult
    public static func tell(_ notice: Notice, _ environment: [String: String]) -> Bool {
        guard let path = environment["NOTIFY_SOCKET"], var address = address(of: path) else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // An abstract address ends with its name: no byte of the rest may be sent along.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let sent = withUnsafeBytes(of: &address) { bytes in
            Array(notice.rawValue.utf8).withUnsafeBytes { text in
                sendto(
                    descriptor, text.baseAddress, text.count, Int32(MSG_NOSIGNAL),
                    bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
            }
        }
        return sent == notice.rawValue.utf8.count
    }

    /// The address of a path, or of an abstract name that begins with `@`; nil when it does not fit.
    private static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }
}
