/// What a worker is to do.
public struct TaskPayload: Hashable, Codable, Sendable {
    /// The program and its arguments; run without a shell.
    public var command: [String]
    /// Variables added to the worker's own environment for the task.
    public var environment: [String: String]
    /// Seconds after which the command is ended and the task has failed; nil for the worker's own bound.
    public var maxRunTime: Int?

    /// Makes a payload.
    public init(command: [String], environment: [String: String] = [:], maxRunTime: Int? = nil) {
        self.command = command
        self.environment = environment
        self.maxRunTime = maxRunTime
    }

    /// About as many bytes as it has as JSON.
    public var size: Int {
        command.reduce(0) { $0 + $1.utf8.count + 3 }
            + environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 6 }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        command = try container.decode([String].self, forKey: .command)
        environment = try container.decodeIfPresent([String: String].self, forKey: .environment) ?? [:]
        maxRunTime = try container.decodeIfPresent(Int.self, forKey: .maxRunTime)
    }

    private enum CodingKeys: String, CodingKey {
        case command, environment, maxRunTime
    }
}
