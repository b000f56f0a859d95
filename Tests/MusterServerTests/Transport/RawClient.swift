import Glibc
import MusterRuntime

/// What went wrong with a socket.
struct SocketFailure: Error {
    let what: String
    let number: Int32
}

/// A client that sends any bytes, well-formed or not.
final class RawClient: Sendable {
    let descriptor: Int32
    private let received = Locked<[UInt8]>([])

    /// Connects to a port of the loopback address.
    init(port: UInt16?) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = (port ?? 0).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        try connect(&address)
    }

    /// Connects to a unix socket.
    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try connect(&address)
    }

    deinit { close(descriptor) }

    private func connect<Address>(_ address: inout Address) throws {
        // A test that waits for what never comes fails after this instead of hanging.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(descriptor, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        guard result == 0 else { throw SocketFailure(what: "connect", number: errno) }
    }

    /// Sends `text`, all of it; what the other end no longer takes is dropped.
    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends `bytes`.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Leaves.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// The next answer. `toHead` when it has no body whatever its length says.
    func response(toHead: Bool = false) async throws -> RawResponse {
        try await blocking { [self] in
            let head = try readHead()
            let length = toHead ? 0 : head.contentLength
            while received.withLock({ $0.count }) < length {
                guard try readMore() else { throw SocketFailure(what: "end of body", number: 0) }
            }
            return received.withLock { bytes in
                let body = Array(bytes.prefix(length))
                bytes.removeFirst(length)
                return RawResponse(status: head.status, headers: head.headers, body: body)
            }
        }
    }

    /// Whether the server closes the connection without another byte.
    func isClosed() async throws -> Bool {
        try await blocking { [self] in
            let leftover = received.withLock { !$0.isEmpty }
            return try !leftover && !readMore()
        }
    }

    /// Everything that comes until the server closes the connection.
    func rest() async throws -> String {
        try await blocking { [self] in
            while try readMore() {}
            return received.withLock { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func readHead() throws -> RawResponse {
        while true {
            if let head = received.withLock({ RawResponse.takeHead(from: &$0) }) { return head }
            guard try readMore() else { throw SocketFailure(what: "end of head", number: 0) }
        }
    }

    private func readMore() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno != ECONNRESET { throw SocketFailure(what: "recv", number: errno) }
        guard count > 0 else { return false }
        received.withLock { [buffer] in $0 += buffer.prefix(count) }
        return true
    }
}
