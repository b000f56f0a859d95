import FoundationEssentials
import MusterCore
import MusterRuntime

/// What every command finds around it.
struct Setup: Sendable {
    /// The environment's variables.
    let environment: [String: String]
    /// Where answers go.
    let output: Terminal
    /// Where everything else goes.
    let errors: Terminal
    /// What `muster.yaml` and the environment say.
    let configuration: Configuration
    /// Whether answers are JSON.
    let isJSON: Bool
    /// Whether only what was asked for is written.
    let isQuiet: Bool

    /// Reads the surroundings of a command.
    ///
    /// - Throws: what is wrong with the configuration.
    init(_ arguments: ParsedArguments) throws {
        environment = ProcessInfo.processInfo.environment
        output = Self.standardOutput
        errors = Terminal(descriptor: 2, environment: environment)
        configuration = try Configuration.load(
            option: arguments.string("config"), environment: environment,
            folder: FileManager.default.currentDirectoryPath)
        isJSON = arguments.flag("json")
        isQuiet = arguments.flag("quiet")
    }

    /// Where answers go, for commands that need nothing else of their surroundings.
    static var standardOutput: Terminal {
        Terminal(descriptor: 1, environment: ProcessInfo.processInfo.environment)
    }

    /// Writes an answer: as JSON when that was asked for, otherwise as `lines` show it.
    func answer(_ value: some Encodable, _ lines: () throws -> Void) throws {
        guard isJSON else { return try lines() }
        try output.output.write(JSON.encode(value, pretty: output.isTerminal) + [UInt8(ascii: "\n")])
    }

    /// Tells a person something beside the answer.
    func say(_ line: StyledText) throws {
        if !isQuiet, !isJSON { try errors.print(line) }
    }

    /// Where the credentials are that muster.yaml names.
    var secrets: SecretPlaces { SecretPlaces(configuration.sources.secrets, environment: environment) }

    /// Where this process tells what it does.
    var log: Log {
        Log(to: DescriptorLogSink(format: configuration.log.format), level: configuration.log.level)
    }

    /// Makes sure that there is a database file, if that is what holds the state: it is more likely that the wrong folder was named.
    func requireDatabase() throws(Problem) {
        guard
            configuration.database.isShared
                || FileManager.default.fileExists(atPath: configuration.databaseFile)
        else {
            throw Problem(
                .unavailable,
                "there is no database in \(configuration.state): define pools with muster apply first, or name the "
                    + "right muster.yaml with --config")
        }
    }

    /// The moment it is; commands show times relative to it.
    var now: Timestamp { SystemClock().now() }

    /// Reads a moment or a length of time from now: `2026-11-21T07:30:00Z`, `90s`, `10m`, `2h`, `1d`.
    func moment(_ text: String, option: String) throws(Problem) -> Timestamp {
        if let moment = Timestamp(text) { return moment }
        return now + (try Self.time(text, option: option))
    }

    /// The same, with a length of time until now.
    func past(_ text: String, option: String) throws(Problem) -> Timestamp {
        if let moment = Timestamp(text) { return moment }
        return now - (try Self.time(text, option: option))
    }

    /// Reads a length of time, where a moment may stand too.
    static func time(_ text: String, option: String) throws(Problem) -> Duration {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count < 1_000_000
        else {
            throw Problem(
                .usage, "--\(option) must be a time such as 2026-11-21T07:30:00Z, or 90s, 10m, 2h, 1d")
        }
        return .seconds(count * unit)
    }
}
