/// One line of a log before it is rendered.
public struct LogLine: Sendable {
    /// How much it matters.
    public let level: LogLevel
    /// What happened, without values.
    public let message: String
    /// The values, in order.
    public let fields: [(String, String)]
}

/// Where lines go. Called from any thread, and must not block for long.
public protocol LogSink: Sendable {
    /// Takes one line.
    func write(_ line: LogLine)
}

/// Takes lines and drops them.
struct NoLogSink: LogSink {
    func write(_ line: LogLine) {}
}
