/// Writes lines about what the process does, each with a level and fields.
///
/// Cheap to copy; `with` gives a log whose lines all carry more fields (a pass, a request, a pool).
/// Secrets cannot reach a line: fields take values that name their own safe form (`LogValue`), and
/// `Secret` has none but a row of dots.
public struct Log: Sendable {
    private let sink: any LogSink
    private let level: LogLevel
    private let context: [(String, String)]

    /// Makes a log that writes lines of `level` and above to `sink`.
    public init(to sink: any LogSink, level: LogLevel = .info) {
        self.init(sink: sink, level: level, context: [])
    }

    private init(sink: any LogSink, level: LogLevel, context: [(String, String)]) {
        self.sink = sink
        self.level = level
        self.context = context
    }

    /// What every line carries that is written while something particular is being done.
    @TaskLocal private static var scope: [(String, String)] = []

    /// Does something with `name` and `value` on every line that it writes, whichever log writes it: the id of a
    /// request or of a pass.
    public static func within<Result>(
        _ name: String, _ value: String, _ body: () async throws -> Result
    ) async rethrows -> Result {
        try await $scope.withValue(scope + [(name, value)]) { try await body() }
    }

    /// A log that writes nothing.
    public static let silent = Log(to: NoLogSink(), level: .error)

    /// The same log with more fields on every line.
    public func with(_ fields: KeyValuePairs<String, String>) -> Log {
        Log(sink: sink, level: level, context: context + fields.map { ($0.key, $0.value) })
    }

    /// Something only a developer wants to know.
    public func debug(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.debug, message, fields)
    }

    /// Something that happened as it should.
    public func info(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.info, message, fields)
    }

    /// Something that a person should look at when it repeats.
    public func warning(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.warning, message, fields)
    }

    /// Something that a person should look at.
    public func error(_ message: @autoclosure () -> String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.error, message, fields)
    }

    private func write(_ level: LogLevel, _ message: () -> String, _ fields: KeyValuePairs<String, String>) {
        guard level >= self.level else { return }
        sink.write(
            LogLine(
                level: level, message: message(),
                fields: Self.scope + context + fields.map { ($0.key, $0.value) }))
    }
}
