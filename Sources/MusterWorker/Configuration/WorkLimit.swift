/// How many tasks a worker runs at once.
public enum WorkLimit: Hashable, Sendable {
    /// So many; 0 claims nothing.
    case tasks(Int)
    /// As many as there are.
    case unlimited

    /// Reads a whole number from 0 to a million or `unlimited`, white space around it aside; nil for
    /// anything else.
    public init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let word = words.first else { return nil }
        if word == "unlimited" {
            self = .unlimited
            return
        }
        guard word.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(word),
            number <= 1_000_000
        else { return nil }
        self = .tasks(number)
    }

    /// What `init` takes, for messages.
    static let rule = "must be a whole number from 0 to 1000000, or unlimited"

    /// How many more tasks fit beside `running`, as far as one claim goes.
    func room(beside running: Int) -> Int {
        switch self {
        case .tasks(let limit): min(max(0, limit - running), WorkerPolicy.claimBatch)
        case .unlimited: WorkerPolicy.claimBatch
        }
    }
}

extension WorkLimit: CustomStringConvertible {
    /// As `init` reads it.
    public var description: String {
        switch self {
        case .tasks(let limit): String(limit)
        case .unlimited: "unlimited"
        }
    }
}
