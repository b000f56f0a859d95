import FoundationEssentials
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    /// The real program's words for people who do not know it yet.
    @Suite("Help and wrong use", .timeLimit(.minutes(2)))
    struct HelpTests {
        /// Every command of the tree, with the words that call it.
        static let commands: [[Command]] = {
            func all(_ path: [Command]) -> [[Command]] {
                [path] + (path.last?.subcommands ?? []).flatMap { all(path + [$0]) }
            }
            return all([.root])
        }()

        @Test("Every command's --help names all that it takes, and exits 0", arguments: commands)
        func help(path: [Command]) async throws {
            let folder = try TemporaryFolder()
            let command = try #require(path.last)
            let words = path.dropFirst().map(\.name)
            let outcome = try await MusterProgram.run(words + ["--help"], in: folder.path)
            #expect(outcome.status == .code(0) && outcome.errors.isEmpty)
            let call = path.map(\.name).joined(separator: " ")
            #expect(outcome.output.hasPrefix("Usage: \(call)"))
            let terms =
                (command.options + Command.Option.global).map { "--\($0.name)" }
                + command.operands.map(\.name)
                + command.subcommands.map(\.name) + command.examples.map(\.line)
            for term in terms { #expect(outcome.output.contains(term), "\(call): \(term)") }
            // Nothing was opened for it.
            #expect(try await MusterProgram.run(["help"] + words, in: folder.path).output == outcome.output)
        }

        @Test(
            "Every command has a summary, and examples that say what they do and can be typed",
            arguments: commands)
        func examples(path: [Command]) throws {
            let command = try #require(path.last)
            let call = path.map(\.name).joined(separator: " ")
            #expect(command.summary.first?.isLowercase == true && command.summary.last != ".", "\(call)")
            #expect(!command.examples.isEmpty, "\(call) has no example: add one to its Command")
            for example in command.examples {
                #expect(!example.summary.isEmpty, "\(example.line): say what it does")
                let words = try #require(ExampleLine(example.line).words, "\(example.line)")
                var parser = ArgumentParser(.root)
                let invocation = try parser.parse(words)
                guard case .run = invocation else {
                    Issue.record("\(example.line) runs nothing")
                    continue
                }
                #expect(parser.path.map(\.name).starts(with: path.map(\.name)), "\(example.line)")
            }
            for option in command.options + Command.Option.global {
                #expect(!option.summary.isEmpty, "\(call) --\(option.name)")
            }
        }

        /// A command line, its words separated by spaces, and the first line of what is said of it.
        static let misuses: [(line: String, message: String, help: String)] = [
            ("serv", "there is no command serv; did you mean serve?", "muster"),
            ("frobnicate", "there is no command frobnicate", "muster"),
            ("sreve", "there is no command sreve; did you mean serve?", "muster"),
            ("submit a/b", "there is no command submit; did you mean task submit?", "muster"),
            ("pool list -json", "there is no option -json; did you mean --json?", "muster pool list"),
            ("backup", "FILE is missing", "muster backup"),
            ("completion", "SHELL is missing", "muster completion"),
            (
                "completion tcsh", #"SHELL must be one of bash, zsh, fish, not "tcsh""#,
                "muster completion"
            ),
            ("doctor --markdown", "there is no option --markdown", "muster doctor"),
            ("pool lst", "there is no command lst; did you mean list?", "muster pool"),
            ("pool list --jsn", "there is no option --jsn; did you mean --json?", "muster pool list"),
            ("demo --kep", "there is no option --kep; did you mean --keep?", "muster demo"),
            ("serve -x", "there is no option -x", "muster serve"),
            ("serve now", #"there is one word too many: "now""#, "muster serve"),
            ("pool show", "POOL is missing", "muster pool show"),
            ("pool pause", "POOL is missing", "muster pool pause"),
            ("pool resume", "POOL is missing", "muster pool resume"),
            ("pool delete", "POOL is missing", "muster pool delete"),
            ("task list", "POOL is missing", "muster task list"),
            ("task show", "TASK is missing", "muster task show"),
            ("task output", "TASK is missing", "muster task output"),
            ("task cancel", "TASK is missing", "muster task cancel"),
            ("task cancel t1 --tenant ada", "--tenant needs --all", "muster task cancel"),
            ("task cancel t1 --all a/b", "--all takes the place of TASK", "muster task cancel"),
            ("task submit a/b", "the command to run is missing: put it after --", "muster task submit"),
            ("task submit -- true", "POOL is missing", "muster task submit"),
            ("task submit a/b -f x -- y", "--file takes the place of POOL and COMMAND", "muster task submit"),
            ("task submit a/b --env X -- y", "--env must be NAME=VALUE", "muster task submit"),
            ("task submit a/b --env =X -- y", "--env must be NAME=VALUE", "muster task submit"),
            (
                "task submit a/b --max-run-time 0 -- y",
                #"--max-run-time must be a whole number from 1 to 2592000, not "0""#, "muster task submit"
            ),
            (
                "task submit a/b --retries 50 -- y",
                #"--retries must be a whole number from 0 to 49, not "50""#,
                "muster task submit"
            ),
            (
                "task submit a/b --deadline soon -- y",
                "--deadline must be a time such as 2026-11-21T07:30:00Z, or 90s, 10m, 2h, 1d",
                "muster task submit"
            ),
            (
                "task submit a/b --id x/y -- z",
                #"--id: "x/y" is not a task id: 1 to 38 letters, digits, - and _"#, "muster task submit"
            ),
            (
                "task list a/b --state done",
                #"--state must be one of pending, running, completed, failed, exception, not "done""#,
                "muster task list"
            ),
            (
                "pool pause a/b --until 5x",
                "--until must be a time such as 2026-11-21T07:30:00Z, or 90s, 10m, 2h, 1d",
                "muster pool pause"
            ),
            ("apply", "--file is missing", "muster apply"),
            ("apply -f", "-f needs a value: -f FILE-OR-FOLDER", "muster apply"),
        ]

        @Test(
            "Wrong use exits 2, says what is wrong and where help is, and touches nothing", arguments: misuses
        )
        func misuse(line: String, message: String, help: String) async throws {
            let folder = try TemporaryFolder()
            let outcome = try await MusterProgram.run(
                line.split(separator: " ").map(String.init), in: folder.path)
            #expect(outcome.status == .code(2))
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors == "muster: \(message)\nTry: \(help) --help\n")
            #expect(folder.entries.isEmpty)
        }

        @Test("A name that cannot be one is wrong use", arguments: ["pool show nopool", "task list a/B"])
        func wrongPool(line: String) async throws {
            let folder = try TemporaryFolder()
            let outcome = try await MusterProgram.run(
                line.split(separator: " ").map(String.init), in: folder.path)
            #expect(outcome.status == .code(2) && outcome.errors.contains("is not a worker pool id"))
            #expect(folder.entries.isEmpty)
        }

        @Test(
            "A group without a command shows what is below it, as wrong use",
            arguments: [[], ["pool"], ["task"]])
        func incomplete(words: [String]) async throws {
            let folder = try TemporaryFolder()
            let outcome = try await MusterProgram.run(words, in: folder.path)
            #expect(outcome.status == .code(2) && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("Usage: " + (["muster"] + words).joined(separator: " ")))
        }

        @Test("The version is said in words and in JSON")
        func version() async throws {
            let folder = try TemporaryFolder()
            let text = try await MusterProgram.run(["version"], in: folder.path)
            #expect(text.status == .code(0) && text.output == "muster \(Version.text)\n")
            let json = try await MusterProgram.run(["version", "--json"], in: folder.path)
            #expect(json.output == #"{"version":"\#(Version.text)"}"# + "\n")
            #expect(folder.entries.isEmpty)
        }
    }
}

/// A command line of an example, as a shell would split it.
private struct ExampleLine {
    /// The words after `muster`; nil when the line is none of muster's.
    let words: [String]?

    init(_ line: String) {
        var text = Substring(line)
        // What is fed to another program, or comes out of one.
        if let start = text.firstRange(of: "<(") { text = text[start.upperBound...].prefix { $0 != ")" } }
        for end in [" | ", " > ", " < "] {
            if let range = text.firstRange(of: end) { text = text[..<range.lowerBound] }
        }
        var words: [String] = []
        for (index, part) in text.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                words.append(String(part))
            } else {
                words += part.split(separator: " ").map(String.init)
            }
        }
        self.words = words.first == "muster" ? Array(words.dropFirst()) : nil
    }
}

extension TemporaryFolder {
    /// What programs have left in it.
    fileprivate var entries: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".run-") }
    }
}

extension Command: CustomTestStringConvertible {
    /// Its name: all that is in it would fill the log.
    public var testDescription: String { name }
}
