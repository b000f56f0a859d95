import Dispatch
import Glibc
import MusterRuntime
import MusterTesting

/// An HTTP server at a Unix socket that gives prepared answers, one a connection, and notes what it was asked.
final class CannedServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [String] = []
        var body = "{}"
    }

    let path: String
    private let listener: OwnedDescriptor
    private let answers: Locked<[Answer]>
    private let requests = Locked<[String]>([])

    init(in folder: TemporaryFolder, answers: [Answer]) throws {
        path = folder.path + "/socket"
        self.answers = Locked(answers)
        listener = OwnedDescriptor(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafeBytes(of: &address) { bytes in
            bind(
                listener.number, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count))
        }
        guard bound == 0, listen(listener.number, 16) == 0 else {
            throw SystemError(errno, "listen at \(path)")
        }
        DispatchQueue.global().async { [listener, answers = self.answers, requests] in
            for _ in 0..<answers.withLock({ $0.count }) {
                let connection = OwnedDescriptor(accept(listener.number, nil, nil))
                let request = Self.read(from: connection)
                requests.withLock { $0.append(request) }
                let answer = answers.withLock { $0.removeFirst() }
                let head =
                    [
                        "HTTP/1.1 \(answer.status) So", "Content-Length: \(answer.body.utf8.count)",
                        "Connection: close",
                    ]
                    + answer.headers
                let text = head.joined(separator: "\r\n") + "\r\n\r\n" + answer.body
                try? connection.writeAll(Array(text.utf8))
            }
        }
    }

    /// What came, each as the text of the whole request.
    var received: [String] { requests.withLock { $0 } }

    private static func read(from connection: OwnedDescriptor) -> String {
        var text = ""
        while !isWhole(text), let bytes = try? connection.readAll(limit: 1), !bytes.isEmpty {
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text
    }

    private static func isWhole(_ text: String) -> Bool {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let length = parts[0].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        return parts[1].utf8.count >= length ?? 0
    }
}
