import MusterRuntime

/// Remembers what was written to a log.
final class RecordingLog: LogSink {
    private let lines = Locked<[LogLine]>([])

    func write(_ line: LogLine) { lines.withLock { $0.append(line) } }

    /// The messages of warnings and errors, in order.
    var complaints: [String] {
        lines.withLock { $0.filter { $0.level >= .warning }.map(\.message) }
    }

    /// Every line, in order.
    var all: [LogLine] { lines.withLock { $0 } }
}
