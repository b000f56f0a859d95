import Glibc
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    /// Scripts are run by the shells themselves; bash is everywhere, the others where they are installed.
    @Suite("muster completion", .timeLimit(.minutes(3)))
    struct CompletionTests {
        /// Words typed so far, the last one to be completed, and what is offered; nil for files.
        static let lines: [(words: [String], offered: [String]?)] = [
            (["po"], ["pool"]),
            (["pool", ""], Command.pool.subcommands.map(\.name)),
            (["--config", "x.yaml", "pool", "paus"], ["pause"]),
            (["--config", "pool", "po"], ["pool"]),
            (["task", "list", "--state", "com"], ["completed"]),
            (["task", "submit", "a/b", "--priority", "very-"], ["very-high", "very-low"]),
            (["completion", ""], ["bash", "zsh", "fish"]),
            (["completion", "z"], ["zsh"]),
            (["pool", "show", ""], []),
            (["freeze", "--reason", ""], []),
            (["apply", "--file", "on"], nil),
            (["apply", "-f", "on"], nil),
            (["backup", "on"], nil),
            (["task", "submit", "a/b", "--", "on"], nil),
        ]

        @Test("completes commands, options, choices and files in each shell", arguments: Shell.allCases)
        func completes(shell: Shell) async throws {
            guard let bench = try ShellBench(shell) else { return }
            for line in Self.lines {
                let offered = try await bench.completions(of: line.words)
                let expected = line.offered ?? [ShellBench.file]
                #expect(Set(offered) == Set(expected), "\(shell): \(line.words)")
            }
            #expect(
                try await bench.completions(of: [""]).sorted()
                    == Command.root.subcommands.map(\.name).sorted())
        }

        @Test("knows every command, and every option of each, in each shell", arguments: Shell.allCases)
        func wholeTable(shell: Shell) async throws {
            guard let bench = try ShellBench(shell) else { return }
            let paths = HelpTests.commands.map { path in path.dropFirst().map(\.name) }
            let offered = try await bench.completions(ofEach: paths.map { $0 + ["--"] })
            for (path, offered) in zip(HelpTests.commands, offered) {
                let options = (path.last?.options ?? []) + Command.Option.global + [.help]
                let words = Set(offered.filter { $0.hasPrefix("--") })
                #expect(words == Set(options.map { "--\($0.name)" }), "\(shell): \(path.map(\.name))")
            }
            let commands = try await bench.completions(ofEach: paths.map { $0 + [""] })
            for (path, offered) in zip(HelpTests.commands, commands) {
                let names = path.last?.subcommands.map(\.name) ?? []
                if !names.isEmpty { #expect(Set(offered) == Set(names), "\(shell): \(path.map(\.name))") }
            }
        }

        @Test(
            "is written without any configuration, and says which shells there are", arguments: Shell.allCases
        )
        func withoutSurroundings(shell: Shell) async throws {
            let folder = try TemporaryFolder()
            let outcome = try await MusterProgram.run(
                ["completion", shell.rawValue], in: folder.path,
                environment: ["MUSTER_CONFIG": "/nowhere/muster.yaml"])
            #expect(outcome.status == .code(0) && outcome.output == shell.script(CompletionTable(.root)))
        }
    }
}

/// A shell that has read its script, in a folder with one file.
private struct ShellBench {
    static let file = "only-file"
    private let shell: Shell
    private let program: String
    private let folder: TemporaryFolder

    /// Nil where the shell is not installed.
    init?(_ shell: Shell) throws {
        let paths = ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + shell.rawValue }
        guard let program = paths.first(where: { access($0, X_OK) == 0 }) else {
            #expect(shell != .bash, "bash is needed to run this test")
            return nil
        }
        self.shell = shell
        self.program = program
        folder = try TemporaryFolder()
        try DurableFile.write([], to: "\(folder.path)/\(Self.file)", mode: 0o644)
        try DurableFile.write(
            Array(shell.script(CompletionTable(.root)).utf8), to: folder.path + "/script", mode: 0o644)
    }

    func completions(of words: [String]) async throws -> [String] {
        try #require(try await completions(ofEach: [words]).first)
    }

    /// What the shell offers for the last word of each line, in one run of the shell.
    func completions(ofEach lines: [[String]]) async throws -> [[String]] {
        let calls = lines.map { line in
            switch shell {
            case .fish: "ask '\((["muster"] + line).joined(separator: " "))'"
            case .bash, .zsh: "ask " + (["muster"] + line).map(\.quotedForShell).joined(separator: " ")
            }
        }
        try DurableFile.write(
            Array((prelude + calls.joined(separator: "\n") + "\n").utf8), to: folder.path + "/questions",
            mode: 0o644)
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let answers = try OwnedDescriptor.open(folder.path + "/answers", O_RDWR | O_CREAT | O_TRUNC)
        let errors = try OwnedDescriptor.open(folder.path + "/errors", O_RDWR | O_CREAT | O_TRUNC)
        let options = shell == .zsh ? ["-f"] : shell == .bash ? ["--norc", "--noprofile"] : ["--no-config"]
        let child = try ChildProcess.spawn(
            SpawnRequest(
                executable: program, arguments: options + [folder.path + "/questions"],
                environment: MusterProgram.environment(home: folder.path), folder: folder.path,
                descriptors: [null, answers, errors]))
        #expect(await child.wait() == .code(0))
        let complaints = try TextFile.read(folder.path + "/errors", limit: 1 << 20)
        #expect(complaints.isEmpty, "\(shell): \(String(decoding: complaints, as: UTF8.self))")
        let text = String(
            decoding: try TextFile.read(folder.path + "/answers", limit: 1 << 20), as: UTF8.self)
        let blocks = text.split(separator: "==\n", omittingEmptySubsequences: false).dropLast()
        #expect(blocks.count == lines.count)
        return blocks.map { $0.split(separator: "\n").map(String.init) }
    }

    /// How the shell is asked without a person at its keyboard: what completion functions call is replaced
    /// by what prints the offers, in zsh, which has no other way.
    private var prelude: String {
        switch shell {
        case .bash:
            """
            source ./script
            ask() {
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
                _muster
                printf '%s\\n' "${COMPREPLY[@]}" | sed '/^$/d'
                echo ==
            }

            """
        case .zsh:
            """
            compdef() { : }
            source ./script
            _describe() {
                while [[ $1 == -* ]]; do shift; done
                compadd -- ${${(P)2}%%:*}
            }
            compadd() {
                shift
                local word
                for word in "$@"; do [[ $word == ${typed}* ]] && print -r -- $word; done
                return 0
            }
            _files() { compadd -- * }
            ask() {
                local -a words=("$@")
                local -i CURRENT=$#
                local typed=${words[CURRENT]}
                _muster
                print -r -- '=='
            }

            """
        case .fish:
            """
            source ./script
            function ask
                complete -C $argv[1] | string replace -r '\\t.*' ''
                echo ==
            end

            """
        }
    }
}
