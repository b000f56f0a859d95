import Dispatch
import Glibc
import MusterRuntime
import Testing

/// A server on loopback that gives one prepared answer, and remembers what it was asked.
final class OneAnswerServer: Sendable {
    let port: UInt16
    private let listener: OwnedDescriptor
    private let asked = Locked((request: String?.none, waiting: CheckedContinuation<String, Never>?.none))

    init(status: String = "200 OK", body: String) throws {
        listener = OwnedDescriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = listener.number
        let isThere = withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return bind(number, pointer, length) == 0 && listen(number, 4) == 0
                && getsockname(number, pointer, &length) == 0
        }
        guard isThere else { throw SystemError(errno, "listen on loopback") }
        port = UInt16(bigEndian: address.sin_port)
        DispatchQueue(label: "test.answer").async { [listener, asked] in
            let connection = OwnedDescriptor(accept(listener.number, nil, nil))
            guard connection.number >= 0 else { return }
            var request = ""
            while !request.hasSuffix("\r\n\r\n"), let bytes = try? connection.readAll(limit: 1),
                !bytes.isEmpty
            {
                request += String(decoding: bytes, as: UTF8.self)
            }
            let head = "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
            try? connection.writeAll(Array((head + body).utf8))
            let whole = request
            let waiting = asked.withLock { asked in
                asked.request = whole
                defer { asked.waiting = nil }
                return asked.waiting
            }
            waiting?.resume(returning: whole)
        }
    }

    /// Stops listening: whoever connects is refused.
    func close() { shutdown(listener.number, Int32(SHUT_RDWR)) }

    /// What it was asked, once it was.
    func request() async -> String {
        await withCheckedContinuation { continuation in
            let request = asked.withLock { asked in
                if asked.request == nil { asked.waiting = continuation }
                return asked.request
            }
            if let request { continuation.resume(returning: request) }
        }
    }
}
