import CLinux
import Glibc
public import MusterCore
import MusterRuntime

/// Appends events to a file, a line of JSON each.
///
/// A crash while it writes can leave a line that has no end: the next delivery ends it first, so that what
/// follows is whole, and the events of that line come again. A delivery that fails is taken back, so that a
/// full disk is not filled with the beginnings of lines.
public actor JSONLinesSink: EventSink {
    public nonisolated let name: String
    private let path: String
    private var descriptor: Int32 = -1
    private let executor = QueueExecutor(label: "muster.events.json-lines")
    /// A queue of its own: a slow disk keeps nobody else waiting.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a sink that writes to the file at `path`, made when it is not there.
    public init(path: String) {
        self.path = path
        name = "json-lines:\(path)"
    }

    public func deliver(_ events: [CloudEvent]) async throws(Problem) {
        let descriptor = try opened()
        let end = lseek(descriptor, 0, SEEK_END)
        do throws(Problem) {
            try append(events, to: descriptor)
        } catch {
            if end >= 0 { ftruncate(descriptor, end) }
            throw error
        }
    }

    private func append(_ events: [CloudEvent], to descriptor: Int32) throws(Problem) {
        var bytes = events.flatMap { Array($0.json.utf8) + [UInt8(ascii: "\n")] }
        if endsWithinLine(descriptor) { bytes.insert(UInt8(ascii: "\n"), at: 0) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("written") }
            written += count
        }
        guard fdatasync(descriptor) == 0 else { throw failure("synchronised") }
    }

    public func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Opens the file anew when somebody has moved it away, as log rotation does.
    private func opened() throws(Problem) -> Int32 {
        if descriptor >= 0, !isCurrent(descriptor) { close() }
        if descriptor < 0 { descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640) }
        guard descriptor >= 0 else { throw failure("opened") }
        return descriptor
    }

    private func isCurrent(_ descriptor: Int32) -> Bool {
        var held = stat()
        var named = stat()
        return fstat(descriptor, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino
            && held.st_dev == named.st_dev
    }

    private func endsWithinLine(_ descriptor: Int32) -> Bool {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end > 0 else { return false }
        var last: UInt8 = 0
        return pread(descriptor, &last, 1, end - 1) == 1 && last != UInt8(ascii: "\n")
    }

    private func failure(_ verb: String) -> Problem {
        Problem(.unavailable, "the event file \(path) cannot be \(verb): \(String(cString: strerror(errno)))")
    }
}
