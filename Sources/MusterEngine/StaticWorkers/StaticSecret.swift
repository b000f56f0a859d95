import MusterCore
import MusterCrypto
import MusterRuntime

/// What is kept of the secret by which a worker proves itself that a person made.
///
/// The secret may be one that somebody has thought of. Its hash can be made with the master key alone, so that the
/// database by itself gives nobody anything to try guesses on.
struct StaticSecret: Hashable, Sendable {
    /// The hash, as it is stored.
    let hash: String

    /// Hashes a secret.
    init(_ secret: String, of worker: WorkerKey, with key: MasterKey) {
        hash = key.secret(for: "static-worker", worker.description, secret).reveal()
    }

    /// Whether it is the one that is stored, in a time that tells nothing of where they differ.
    func matches(_ stored: String) -> Bool {
        MessageAuthentication.areEqual(Array(hash.utf8), Array(stored.utf8))
    }
}

/// What a person may give a worker as its secret.
public enum StaticSecretRule {
    /// How many characters it has: as many as the worker-manager API asks for, and no book.
    public static let lengths = 22...1_024

    /// What is wrong with a secret; nil when nothing is. Tells nothing of it.
    public static func problem(with secret: String) -> String? {
        guard lengths.contains(secret.utf8.count), secret.utf8.allSatisfy({ (33...126).contains($0) }) else {
            return
                "must be \(lengths.lowerBound) to \(lengths.upperBound) visible ASCII characters without spaces"
        }
        return nil
    }
}
