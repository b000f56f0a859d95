import Glibc
import MusterCore

/// Nobody reads the output any more, as after `muster task list | head`: a reason to stop, not to complain.
struct OutputClosed: Error, Equatable {}

/// A file descriptor that is written to completely.
struct Output: Sendable {
    /// Not owned: it is not closed here.
    let descriptor: CInt

    /// Writes all of `bytes`, however long the reader takes.
    ///
    /// - Throws: `OutputClosed` when the reader has gone, `Problem` `file-failed` for anything else, such as
    ///   a full disk.
    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count >= 0 {
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            // Whoever shares the terminal may have made it non-blocking.
            case EAGAIN: awaitRoom()
            case EPIPE: throw OutputClosed()
            case let code:
                throw Problem(.fileFailed, "cannot write the output: \(String(cString: strerror(code)))")
            }
        }
    }

    /// Writes `text` as UTF-8.
    func write(_ text: String) throws { try write(Array(text.utf8)) }

    private func awaitRoom() {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // However it ends, the next write tells what is the matter.
        poll(&waiting, 1, -1)
    }
}
