/// Steps that something long makes, for whoever waits for it and only wants to know that it goes on.
public final class Progress: Sendable {
    /// That of the task that runs; nil where nobody asks.
    @TaskLocal public static var current: Progress?

    private let count = Locked(0)

    /// Progress without a step yet.
    public init() {}

    /// How many there have been.
    public var steps: Int { count.withLock { $0 } }

    /// Another step of what the running task does.
    public static func step() { current?.count.withLock { $0 += 1 } }
}
