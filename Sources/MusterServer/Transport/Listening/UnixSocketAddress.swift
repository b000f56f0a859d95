import Glibc
import MusterCore

/// The path of a unix socket as the kernel wants it.
struct UnixSocketAddress {
    private let address: sockaddr_un

    /// `.inputInvalid` when the path is empty, too long, or has a NUL.
    init(_ path: String) throws(Problem) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { target in
            guard !bytes.isEmpty, bytes.count < target.count, !bytes.contains(0) else { return false }
            target.copyBytes(from: bytes)
            return true
        }
        guard fits else {
            let longest = MemoryLayout.size(ofValue: address.sun_path) - 1
            throw Problem(
                .inputInvalid, "The path of a unix socket has to have 1 to \(longest) bytes: \(path)")
        }
        self.address = address
    }

    /// Calls `body` with the address as `bind` and `connect` take it.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
