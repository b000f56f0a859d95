/// The help of one command, made from its table.
struct HelpText {
    private let command: Command
    private let path: [Command]
    private let columns: Int

    /// - Parameter path: the command and those above it.
    /// - Parameter columns: the width that lines keep to.
    init(_ path: [Command], columns: Int) {
        command = path[path.count - 1]
        self.path = path
        self.columns = columns
    }

    /// The lines of the help.
    func lines() -> [StyledText] {
        var lines = usage
        lines += [
            "",
            StyledText(Self.sentence(command.summary)),
        ]
        for paragraph in command.discussion.split(separator: "\n\n") {
            lines += [""] + wrapped(paragraph.replacing("\n", with: " "), indent: 0).map { StyledText($0) }
        }
        lines += section("Commands", command.subcommands.map { ($0.name, $0.summary) })
        let operands = command.operands + (command.rest.map { [$0] } ?? [])
        lines += section("Operands", operands.map { ($0.name, $0.summary) })
        lines += section("Options", (command.options + [.help]).map { (Self.column($0), Self.summary($0)) })
        lines += section("Global options", Command.Option.global.map { (Self.column($0), Self.summary($0)) })
        lines += examples
        return lines
    }

    /// The ways to call a command, given with those above it.
    static func calls(_ path: [Command]) -> [String] {
        guard let command = path.last else { return [] }
        let call = path.map(\.name).joined(separator: " ")
        var calls: [String] = []
        if command.run != nil {
            var words = [call, "[OPTION...]"] + command.operands.map { shown($0) }
            if let rest = command.rest {
                let isNeeded = rest.arity == .one || rest.arity == .oneOrMore
                words.append(isNeeded ? "-- \(shown(rest))" : "[-- \(rest.name)...]")
            }
            calls.append(words.joined(separator: " "))
        }
        if !command.subcommands.isEmpty { calls.append("\(call) COMMAND ...") }
        return calls
    }

    private var usage: [StyledText] {
        Self.calls(path).enumerated().map { index, call in
            StyledText(index == 0 ? "Usage: " : "       ", .strong) + StyledText(call)
        }
    }

    private var examples: [StyledText] {
        guard !command.examples.isEmpty else { return [] }
        let lines = command.examples.flatMap { example in
            [StyledText("  " + example.line, .accent)]
                + wrapped(example.summary, indent: 6).map { StyledText("      " + $0) }
        }
        return ["", StyledText("Examples:", .strong)] + lines
    }

    private func section(_ title: String, _ entries: [(term: String, summary: String)]) -> [StyledText] {
        guard !entries.isEmpty else { return [] }
        let width = min(entries.map { DisplayWidth.of($0.term) }.max() ?? 0, columns / 2) + 4
        var lines: [StyledText] = ["", StyledText(title + ":", .strong)]
        for entry in entries {
            let term = StyledText("  ") + StyledText(entry.term, .accent)
            let summary = wrapped(entry.summary, indent: width).map { StyledText($0) }
            // A term too long for its column has a line of its own.
            let fits = term.width + 2 <= width
            if !fits { lines.append(term) }
            for (index, text) in summary.enumerated() {
                lines.append((index == 0 && fits ? term : "").padded(to: width) + text)
            }
        }
        return lines
    }

    /// `text` in lines that leave room for `indent` columns before them.
    private func wrapped(_ text: some StringProtocol, indent: Int) -> [String] {
        let room = max(columns - indent, 20)
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(String(word)) <= room {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.isEmpty ? [""] : lines
    }

    /// A summary as a sentence of its own.
    static func sentence(_ summary: String) -> String {
        summary.first.map { $0.uppercased() + summary.dropFirst() + "." } ?? ""
    }

    /// How an option is typed.
    static func term(_ option: Command.Option) -> String {
        (option.short.map { "-\($0), " } ?? "") + "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
    }

    /// The same for a column, in which those without a short form stand below those with one.
    private static func column(_ option: Command.Option) -> String {
        (option.short == nil ? "    " : "") + term(option)
    }

    /// What an option does.
    static func summary(_ option: Command.Option) -> String {
        option.value != nil && option.repeats ? "\(option.summary); may be repeated" : option.summary
    }

    private static func shown(_ operand: Command.Operand) -> String {
        switch operand.arity {
        case .one: operand.name
        case .optional: "[\(operand.name)]"
        case .oneOrMore: "\(operand.name)..."
        case .any: "[\(operand.name)...]"
        }
    }
}
