import MusterCore

/// Finds out which command is meant, and with which arguments.
struct ArgumentParser {
    /// What the words ask for.
    enum Invocation {
        /// To run a command.
        case run(Command.Run, ParsedArguments)
        /// To see help of the command at the end of the parser's path.
        case help
        /// To see the reference of that command and of all below it.
        case reference
        /// Nothing: the path ends at a group, and what is below it should be shown.
        case incomplete
    }

    /// The command found so far and those above it; after a problem it is what help should be offered for.
    private(set) var path: [Command]
    private var values: [String: [String]] = [:]
    private var operands: [String] = []
    private var rest: [String] = []
    private var wantsHelp = false
    private var mayWantReference = false
    private var hasOwnOption = false

    /// A parser for `root` and everything below it.
    init(_ root: Command) { path = [root] }

    private var command: Command { path[path.count - 1] }
    private var options: [Command.Option] {
        command.options + Command.Option.global + [.help] + (mayWantReference ? [.markdown] : [])
    }

    /// Parses the words after the program's name; to be called once.
    ///
    /// - Throws: `Problem` `usage`.
    mutating func parse(_ words: [String]) throws(Problem) -> Invocation {
        var words = words[...]
        if words.first == "help", !command.subcommands.contains(where: { $0.name == "help" }) {
            words.removeFirst()
            wantsHelp = true
            mayWantReference = true
        }
        while let word = words.popFirst() {
            if word == "--" {
                if command.rest == nil { operands += words } else { rest = Array(words) }
                break
            } else if word.hasPrefix("--") {
                try takeLong(word.dropFirst(2), &words)
            } else if word.hasPrefix("-"), word != "-" {
                try takeShort(word.dropFirst(), &words)
            } else {
                try takeWord(word)
            }
        }
        if values[Command.Option.markdown.name] != nil { return .reference }
        if wantsHelp { return .help }
        guard let run = command.run else {
            if let operand = operands.first { throw unknownCommand(operand) }
            return .incomplete
        }
        return .run(run, try arguments())
    }

    private mutating func takeLong(_ text: Substring, _ words: inout ArraySlice<String>) throws(Problem) {
        let name = text.prefix { $0 != "=" }
        let attached = name.endIndex < text.endIndex ? text[name.endIndex...].dropFirst() : nil
        guard let option = options.first(where: { $0.name == name }) else {
            let near = Spelling.nearest(to: String(name), among: options.map(\.name))
            throw unknown("option", "--\(name)", near: near.map { "--\($0)" })
        }
        try take(option, as: "--\(name)", attached: attached.map(String.init), &words)
    }

    /// `-n`, `-n VALUE`, `-nVALUE`, and several flags in one: `-qh`.
    private mutating func takeShort(_ text: Substring, _ words: inout ArraySlice<String>) throws(Problem) {
        // A long option with one dash, most likely.
        if text.count > 1, let option = options.first(where: { $0.name == text.prefix { $0 != "=" } }) {
            throw unknown("option", "-\(option.name)", near: "--\(option.name)")
        }
        var letters = text
        while let letter = letters.popFirst() {
            guard let option = options.first(where: { $0.short == letter }) else {
                throw unknown("option", "-\(letter)", near: nil)
            }
            let takesLetters = option.value != nil && !letters.isEmpty
            try take(option, as: "-\(letter)", attached: takesLetters ? String(letters) : nil, &words)
            if takesLetters { return }
        }
    }

    private mutating func take(
        _ option: Command.Option, as shown: String, attached: String?, _ words: inout ArraySlice<String>
    ) throws(Problem) {
        if option.name == Command.Option.help.name { wantsHelp = true }
        if command.options.contains(where: { $0.name == option.name }) { hasOwnOption = true }
        guard let placeholder = option.value else {
            guard attached == nil else { throw Problem(.usage, "\(shown) takes no value") }
            values[option.name, default: []].append("")
            return
        }
        guard let value = attached ?? words.popFirst() else {
            throw Problem(.usage, "\(shown) needs a value: \(shown) \(placeholder)")
        }
        // Most likely the value was forgotten, and this is the next option.
        guard attached != nil || !value.hasPrefix("-") || value == "-" || Double(value) != nil else {
            throw Problem(
                .usage,
                "\(shown) needs a value, and \(value.prefix(80)) looks like an option; "
                    + "write --\(option.name)=\(value.prefix(80)) if it is meant")
        }
        guard option.repeats || values[option.name] == nil else {
            throw Problem(.usage, "\(shown) may be given only once")
        }
        values[option.name, default: []].append(value)
    }

    private mutating func takeWord(_ word: String) throws(Problem) {
        if operands.isEmpty, !hasOwnOption, let next = command.subcommands.first(where: { $0.name == word }) {
            path.append(next)
        } else if command.run == nil || (command.operands.isEmpty && !command.subcommands.isEmpty) {
            throw unknownCommand(word)
        } else {
            operands.append(word)
        }
    }

    /// Deals the operands out by position, and checks that none is missing or left over.
    private func arguments() throws(Problem) -> ParsedArguments {
        var values = values
        var left = operands[...]
        for operand in command.operands {
            let taken = operand.arity == .one || operand.arity == .optional ? left.prefix(1) : left
            left = left.dropFirst(taken.count)
            try check(operand, taken.count, "\(operand.name) is missing")
            values[operand.name] = Array(taken)
        }
        if let word = left.first {
            throw Problem(.usage, "there is one word too many: \(JSONText.quoted(String(word.prefix(80))))")
        }
        if let operand = command.rest {
            try check(operand, rest.count, "\(operand.name) is missing after --")
        }
        let names = options.map(\.name) + command.operands.map(\.name)
        return ParsedArguments(path: path.map(\.name), values: values, rest: rest, declared: Set(names))
    }

    private func check(_ operand: Command.Operand, _ count: Int, _ message: String) throws(Problem) {
        if count == 0, operand.arity == .one || operand.arity == .oneOrMore {
            throw Problem(.usage, message)
        }
    }

    private func unknownCommand(_ word: String) -> Problem {
        if command.subcommands.contains(where: { $0.name == word }) {
            return Problem(.usage, "the command \(word) must stand right after \(command.name)")
        }
        let near = Spelling.nearest(to: word, among: command.subcommands.map(\.name))
        return unknown("command", word, near: near ?? elsewhere(word))
    }

    /// The command of that name below another one, if there is only one; what was meant by leaving out the
    /// group.
    private func elsewhere(_ word: String) -> String? {
        let found = command.subcommands.filter { $0.subcommands.contains { $0.name == word } }
        return found.count == 1 ? "\(found[0].name) \(word)" : nil
    }

    private func unknown(_ kind: String, _ word: String, near: String?) -> Problem {
        let hint = near.map { "; did you mean \($0)?" } ?? ""
        return Problem(.usage, "there is no \(kind) \(word.prefix(80))\(hint)")
    }
}
