/// What can stand where on muster's command line, as scripts for shells need it.
///
/// A place is a command with those above it, as its words are typed: `muster pool list`.
struct CompletionTable {
    /// One place and what can follow it.
    struct Place {
        let name: String
        let commands: [(word: String, summary: String)]
        let options: [Option]
        let operand: Value
    }

    /// An option as it is typed.
    struct Option {
        let name: String
        let short: Character?
        /// What it takes; nil for a flag.
        let value: Value?
        let summary: String

        /// The ways to type it.
        var words: [String] { ["--\(name)"] + (short.map { ["-\($0)"] } ?? []) }
    }

    /// What a value can be.
    enum Value: Equatable {
        /// One of a few words.
        case choices([String])
        /// A file or a folder.
        case file
        /// What only the person knows.
        case anything
    }

    /// Every place.
    let places: [Place]

    init(_ root: Command) { places = Self.places([root]) }

    /// The options of every place that take a value, each as `PLACE OPTION`.
    var valued: [(pattern: String, value: Value)] {
        places.flatMap { place in
            place.options.flatMap { option in
                option.value.map { value in option.words.map { ("\(place.name) \($0)", value) } } ?? []
            }
        }
    }

    private static func places(_ path: [Command]) -> [Place] {
        let command = path[path.count - 1]
        let options = command.options + Command.Option.global + [.help]
        let place = Place(
            name: path.map(\.name).joined(separator: " "),
            commands: command.subcommands.map { ($0.name, $0.summary) },
            options: options.map { option in
                Option(
                    name: option.name, short: option.short,
                    value: option.value.map { value($0, option.choices) }, summary: option.summary)
            },
            operand: command.operands.first.map { value($0.name, $0.choices) } ?? .anything)
        return [place] + command.subcommands.flatMap { places(path + [$0]) }
    }

    private static func value(_ placeholder: String, _ choices: [String]) -> Value {
        if !choices.isEmpty { return .choices(choices) }
        return placeholder.contains("FILE") || placeholder.contains("FOLDER") ? .file : .anything
    }
}

extension String {
    /// In single quotes, as every shell takes it literally.
    var quotedForShell: String { "'" + replacing("'", with: "'\\''") + "'" }
}
