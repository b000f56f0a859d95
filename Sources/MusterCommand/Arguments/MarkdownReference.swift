/// The reference of a command and everything below it, made from its table.
struct MarkdownReference {
    private let path: [Command]

    /// - Parameter path: the command and those above it.
    init(_ path: [Command]) { self.path = path }

    /// The page, as Markdown.
    var text: String {
        let call = path.map(\.name).joined(separator: " ")
        return """
            # \(path.count == 1 ? "Commands" : call)

            Made from the program's own table: do not edit, run `muster help\
            \(path.dropFirst().map { " " + $0.name }.joined()) --markdown` instead.

            Every command takes these as well, anywhere before `--`:

            \(Self.table("option", (Command.Option.global + [.help]).map { (HelpText.term($0), HelpText.summary($0)) }))

            Exit codes: 0 what was asked for is done, 1 it could not be done, 2 what was asked for makes no sense.

            \(Self.sections(path).joined(separator: "\n\n"))

            """
    }

    private static func sections(_ path: [Command]) -> [String] {
        guard let command = path.last else { return [] }
        return [section(path, command)] + command.subcommands.flatMap { sections(path + [$0]) }
    }

    private static func section(_ path: [Command], _ command: Command) -> String {
        var parts = ["## `\(path.map(\.name).joined(separator: " "))`", HelpText.sentence(command.summary)]
        parts.append(HelpText.calls(path).map { "    \($0)" }.joined(separator: "\n"))
        if !command.discussion.isEmpty { parts.append(command.discussion) }
        parts.append(table("command", command.subcommands.map { ($0.name, $0.summary) }))
        let operands = command.operands + (command.rest.map { [$0] } ?? [])
        parts.append(table("operand", operands.map { ($0.name, $0.summary) }))
        parts.append(
            table("option", command.options.map { (HelpText.term($0), HelpText.summary($0)) }))
        if !command.examples.isEmpty {
            let width = command.examples.map(\.line.count).max() ?? 0
            let lines = command.examples.map { example in
                guard !example.summary.isEmpty else { return "    \(example.line)" }
                let gap = String(repeating: " ", count: width - example.line.count + 2)
                return "    \(example.line)\(gap)# \(example.summary)"
            }
            parts.append(lines.joined(separator: "\n"))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func table(_ title: String, _ entries: [(term: String, summary: String)]) -> String {
        guard !entries.isEmpty else { return "" }
        let rows = entries.map { entry in
            "| `\(entry.term.replacing("|", with: "\\|"))` | \(entry.summary.replacing("|", with: "\\|")) |"
        }
        return (["| \(title) | meaning |", "|---|---|"] + rows).joined(separator: "\n")
    }
}
