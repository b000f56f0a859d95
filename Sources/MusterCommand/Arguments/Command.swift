/// A command as a value: parsing, help and completion all come from this one table.
///
/// A command with subcommands is a group; a group that can `run` is a command itself as well, and the word
/// after it is a subcommand if one has that name, else an operand.
struct Command: Sendable {
    /// What a command does with its arguments.
    typealias Run = @Sendable (ParsedArguments) async throws -> ExitCode

    /// The word that calls it.
    var name: String
    /// Half a sentence for the list of commands, without a full stop.
    var summary: String
    /// Paragraphs for its own help, with an empty line between them.
    var discussion: String
    /// What it takes by position. Only the last may take more than one word.
    var operands: [Operand]
    /// What it takes after `--`; nil if words there are operands like any others.
    var rest: Operand?
    /// What it takes by name, apart from the global options.
    var options: [Option]
    /// How it is used.
    var examples: [Example]
    /// The commands below it.
    var subcommands: [Command]
    /// Does it; nil for a mere group.
    var run: Run?

    /// Makes a command.
    init(
        _ name: String, _ summary: String, discussion: String = "", operands: [Operand] = [],
        rest: Operand? = nil, options: [Option] = [], examples: [Example] = [], subcommands: [Command] = [],
        run: Run? = nil
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.operands = operands
        self.rest = rest
        self.options = options
        self.examples = examples
        self.subcommands = subcommands
        self.run = run
    }

    /// Something taken by name: a flag, or an option with a value.
    struct Option: Sendable {
        /// The name without dashes, in lower case: `work-limit`.
        var name: String
        /// The letter of the short form.
        var short: Character?
        /// What stands for the value in help, such as `FILE`; nil for a flag.
        var value: String?
        /// Whether it may be given more than once.
        var repeats: Bool
        /// The values it takes, for completion; empty where any other may be right.
        var choices: [String]
        /// Half a sentence for help.
        var summary: String

        /// An option without a value.
        static func flag(_ name: String, short: Character? = nil, _ summary: String) -> Option {
            Option(name: name, short: short, value: nil, repeats: true, choices: [], summary: summary)
        }

        /// An option with a value, shown as `value` in help.
        static func value(
            _ name: String, short: Character? = nil, _ value: String, repeats: Bool = false,
            choices: [String] = [], _ summary: String
        ) -> Option {
            Option(
                name: name, short: short, value: value, repeats: repeats, choices: choices, summary: summary)
        }
    }

    /// Something taken by position.
    struct Operand: Sendable {
        /// How many words it takes.
        enum Arity: Sendable { case one, optional, oneOrMore, any }

        /// The name in help, in upper case: `POOL`.
        var name: String
        /// How many words it takes.
        var arity: Arity
        /// The words it takes, for completion; empty where any other may be right.
        var choices: [String]
        /// Half a sentence for help.
        var summary: String

        /// Makes an operand.
        init(_ name: String, _ summary: String, _ arity: Arity = .one, choices: [String] = []) {
            self.name = name
            self.arity = arity
            self.choices = choices
            self.summary = summary
        }
    }

    /// A use of a command.
    struct Example: Sendable {
        /// What to type.
        var line: String
        /// What that does.
        var summary: String

        /// Makes an example.
        init(_ line: String, _ summary: String) {
            self.line = line
            self.summary = summary
        }
    }
}

extension Command.Option {
    /// What every command takes, anywhere before `--`.
    static let global: [Self] = [
        .value("config", "FILE", "read this muster.yaml"),
        .flag("json", "write JSON, for programs"),
        .flag("quiet", short: "q", "write no more than what was asked for"),
    ]

    /// Taken by `muster help` alone: writes the reference instead of the help.
    static let markdown = flag("markdown", "write the reference of the command and all below it")

    /// Shows what a command takes instead of running it.
    static let help = flag("help", short: "h", "show this help")
}
