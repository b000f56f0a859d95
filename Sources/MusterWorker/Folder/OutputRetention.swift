import Glibc
import MusterRuntime

/// Keeps the newest outputs and removes the others.
final class OutputRetention: Sendable {
    /// How the name of an output ends.
    static let suffix = ".log"

    private let kept: Locked<[String]>

    /// Starts with the outputs that are there, oldest first.
    init(_ existing: [String]) {
        kept = Locked(existing)
    }

    /// Takes one more, and removes the oldest ones when there are too many.
    func add(_ path: String) {
        let superfluous = kept.withLock { kept in
            // A run that was sent again wrote the same file once more.
            kept.removeAll { $0 == path }
            kept.append(path)
            let count = max(0, kept.count - WorkerPolicy.keptOutputs)
            defer { kept.removeFirst(count) }
            return Array(kept.prefix(count))
        }
        for path in superfluous { unlink(path) }
    }
}
