import MusterAPI
import MusterCore
import MusterRuntime

/// Runs the command that the words ask for, and tells what went wrong.
struct CommandRunner {
    private let root: Command
    private let output: Terminal
    private let errors: Terminal

    /// - Parameter output: where help goes.
    /// - Parameter errors: where problems go.
    init(_ root: Command, output: Terminal, errors: Terminal) {
        self.root = root
        self.output = output
        self.errors = errors
    }

    /// Runs what `words`, those after the program's name, ask for; never throws.
    func run(_ words: [String]) async -> ExitCode {
        var parser = ArgumentParser(root)
        do {
            switch try parser.parse(words) {
            case .run(let run, let arguments): return try await run(arguments)
            case .help:
                try output.print(help(parser.path, on: output))
                return .done
            case .reference:
                try output.output.write(MarkdownReference(parser.path).text)
                return .done
            case .incomplete:
                try errors.print(help(parser.path, on: errors))
                return .usedWrongly
            }
        } catch {
            return report(error, words, parser.path)
        }
    }

    private func help(_ path: [Command], on terminal: Terminal) -> [StyledText] {
        HelpText(path, columns: min(terminal.columns ?? Self.readableColumns, Self.readableColumns)).lines()
    }

    /// Longer lines are hard to read, however wide the terminal is.
    private static let readableColumns = 100

    private func report(_ error: any Error, _ words: [String], _ path: [Command]) -> ExitCode {
        let problems: Problems
        switch error {
        case is OutputClosed: return .failed
        case let several as Problems: problems = several
        case let problem as Problem: problems = Problems(problem)
        case is CancellationError: problems = Problems(Problem(.cancelled, "interrupted"))
        default: problems = Problems(Problem(.internalError, "\(error)"))
        }
        let isUsage = problems.all.contains { $0.code == .usage }
        // That the errors cannot be written either is not worth another word.
        if words.prefix(while: { $0 != "--" }).contains("--json") {
            try? errors.print(data: JSON.encode(APIError(problems)) + [UInt8(ascii: "\n")])
        } else {
            try? errors.print(lines(problems, isUsage: isUsage, path))
        }
        return isUsage ? .usedWrongly : .failed
    }

    private func lines(_ problems: Problems, isUsage: Bool, _ path: [Command]) -> [StyledText] {
        var lines = problems.all.map { StyledText("muster: ", .bad) + StyledText(sentence($0)) }
        if isUsage {
            let call = path.map(\.name).joined(separator: " ")
            lines.append(StyledText("Try: \(call) --help", .faint))
        }
        return lines
    }

    /// The problem without its code, which is for programs.
    private func sentence(_ problem: Problem) -> String {
        var place = problem.line.map { "line \($0): " } ?? ""
        if let field = problem.field, !field.isEmpty { place += "\(field): " }
        return place + problem.message
    }
}
