import Glibc
import MusterCore

/// Writes each line with one `write` to a file descriptor, as text or as JSON.
public struct DescriptorLogSink: LogSink {
    /// How a line looks.
    public enum Format: String, Sendable, CaseIterable {
        /// `2026-11-21T07:30:00.000Z info message key=value`.
        case text
        /// One JSON object.
        case json
    }

    private let descriptor: Int32
    private let format: Format
    private let clock: any WallClock

    /// Writes to `descriptor`, which the sink does not close.
    public init(descriptor: Int32 = 2, format: Format = .text, clock: any WallClock = SystemClock()) {
        self.descriptor = descriptor
        self.format = format
        self.clock = clock
    }

    public func write(_ line: LogLine) {
        var bytes = Array((format == .json ? json(line) : text(line)).utf8)
        bytes.append(10)
        bytes.withUnsafeBytes { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    private func text(_ line: LogLine) -> String {
        let fields = line.fields.map { " \($0.0)=\(needsQuotes($0.1) ? quoted($0.1) : $0.1)" }
        return "\(clock.now()) \(line.level.rawValue) \(line.message)\(fields.joined())"
    }

    private func json(_ line: LogLine) -> String {
        let head = [
            ("time", clock.now().description), ("level", line.level.rawValue), ("message", line.message),
        ]
        return "{" + (head + line.fields).map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",")
            + "}"
    }

    private func needsQuotes(_ text: String) -> Bool {
        text.isEmpty || text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0.value < 32 }
    }

    private func quoted(_ text: String) -> String {
        JSONText.quoted(text)
    }
}
