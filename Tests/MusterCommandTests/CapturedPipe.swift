import Glibc
import MusterRuntime

/// A pipe that holds what was written to it until it is asked for; for less than 64 kB.
final class CapturedPipe {
    let writer: CInt
    private let reader: CInt

    init() throws {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError(errno, "make a pipe") }
        (reader, writer) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    /// Everything written since the last time.
    func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// Everything written since the last time.
    func bytes() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        let count = read(reader, &bytes, bytes.count)
        return Array(bytes.prefix(max(count, 0)))
    }

    deinit {
        close(reader)
        close(writer)
    }
}
