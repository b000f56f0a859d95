import MusterCore

/// A container as a listing shows it.
struct ListedContainer: Decodable, Hashable, Sendable {
    /// The engine's own id.
    var id: String
    var names: [String]
    var labels: [String: String]?
    /// When it was made, in seconds since 1970.
    var created: Int64
    /// A word such as `running`, which documentation writes with a capital.
    var word: String
    /// A sentence such as `Exited (137) 5 minutes ago`.
    var sentence: String?

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case labels = "Labels"
        case created = "Created"
        case word = "State"
        case sentence = "Status"
    }

    /// Its name without the slash that stands before it.
    var name: String? {
        // One that others link to has more names, each with a slash within.
        names.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }.first { !$0.contains("/") }
    }

    var state: ContainerState { ContainerState(word) }
}

/// A container as it is looked into.
struct InspectedContainer: Decodable, Hashable, Sendable {
    struct Status: Decodable, Hashable, Sendable {
        var word: String
        var exitCode: Int?
        var isOutOfMemory: Bool?
        var error: String?
        var finishedAt: String?

        private enum CodingKeys: String, CodingKey {
            case word = "Status"
            case exitCode = "ExitCode"
            case isOutOfMemory = "OOMKilled"
            case error = "Error"
            case finishedAt = "FinishedAt"
        }
    }

    struct Configuration: Decodable, Hashable, Sendable {
        var labels: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case labels = "Labels"
        }
    }

    /// The engine's own id.
    var id: String
    var created: String?
    var status: Status
    var configuration: Configuration

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case created = "Created"
        case status = "State"
        case configuration = "Config"
    }

    var state: ContainerState { ContainerState(status.word) }

    /// How it ended, for a person.
    var ending: String {
        var words = "exit code \(status.exitCode ?? 0)"
        if status.isOutOfMemory == true { words = "out of memory; " + words }
        if let error = status.error, !error.isEmpty { words += "; \(error.prefix(300))" }
        return words
    }

    /// When it ended; nil when it does not say so.
    var finishedAt: Timestamp? {
        // What has never happened is in the year 1.
        guard let text = status.finishedAt, !text.hasPrefix("0001-") else { return nil }
        return Timestamp(text)
    }
}

/// Where a container is in its life.
enum ContainerState: Hashable, Sendable {
    /// Made, and never started.
    case created
    case running
    /// It is being removed.
    case removing
    case ended

    /// Reads the engine's word. One that is not known is of a container that is there.
    init(_ word: String) {
        self =
            switch word.lowercased() {
            case "created": .created
            case "removing": .removing
            case "exited", "dead", "stopped": .ended
            default: .running
            }
    }
}
