import Glibc

/// The server's end of one connection; used by its own thread only.
public final class ServedConnection {
    private let descriptor: Int32
    private var unread: [UInt8] = []

    /// Takes a connected socket, which the caller closes.
    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next request, or `nil` when the client hung up.
    public func receive() -> ReceivedRequest? {
        var lines: [String] = []
        while let line = nextLine() {
            if !line.isEmpty {
                lines.append(line)
                continue
            }
            let headers = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
                return (name: String(parts[0]), value: value)
            }
            let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
            guard let body = take(length ?? 0) else { return nil }
            return ReceivedRequest(line: lines.first ?? "", headers: headers, body: body)
        }
        return nil
    }

    /// Returns whether the connection goes on.
    public func send(_ reply: Reply, to request: ReceivedRequest?) -> Bool {
        switch reply {
        case .answer(let status, let headers, let body):
            var head = "HTTP/1.1 \(status) Said\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            head += "Content-Length: \(body.count)\r\n\r\n"
            return write(Array(head.utf8) + (request?.method == "HEAD" ? [] : body))
        case .raw(let bytes):
            _ = write(bytes)
            return false
        case .silence:
            while readMore() {}
            return false
        case .hangUp:
            return false
        }
    }

    private func nextLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[..<end].filter { $0 != UInt8(ascii: "\r") }
                unread.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            guard readMore() else { return nil }
        }
    }

    private func take(_ count: Int) -> [UInt8]? {
        while unread.count < count {
            guard readMore() else { return nil }
        }
        defer { unread.removeFirst(count) }
        return Array(unread.prefix(count))
    }

    private func readMore() -> Bool {
        var part = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else { return false }
        unread += part.prefix(count)
        return true
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
