import MusterCore
import Testing

@testable import MusterCommand

@Suite("Arguments")
struct ArgumentParserTests {
    private func parse(_ line: String) throws -> ParsedArguments? {
        var parser = ArgumentParser(ExampleCommands.root())
        let words = line.split(separator: " ").map(String.init)
        guard case .run(_, let arguments) = try parser.parse(words) else { return nil }
        return arguments
    }

    @Test(
        "find the command",
        arguments: [
            ("pool list", "pool list"), ("worker", "worker"), ("worker list", "worker list"),
            ("--json pool list", "pool list"), ("pool --config f list --quiet", "pool list"),
            ("worker --work-limit 2", "worker"), ("plan list", "plan list"), ("plan a/b", "plan"),
            ("plan -- list", "plan"), ("plan", "plan"),
        ])
    func commands(line: String, path: String) throws {
        #expect(try parse(line)?.path == ["muster"] + path.split(separator: " ").map(String.init))
    }

    @Test("give options in every spelling, and operands by position")
    func values() throws {
        for line in [
            "task submit a/b n --priority 7 --env A=1 --env=B=2 --wait --json -- make -j --json",
            "task submit --priority=7 -e A=1 -eB=2 -w a/b --json n -- make -j --json",
            "--json task submit a/b -wp7 n -e A=1 -e B=2 -- make -j --json",
        ] {
            let arguments = try #require(try parse(line))
            #expect(try arguments.integer("priority", 0...9) == 7)
            #expect(arguments.list("env") == ["A=1", "B=2"])
            #expect(arguments.flag("wait") && arguments.flag("json") && !arguments.flag("quiet"))
            #expect(try arguments.required("POOL") == "a/b")
            #expect(arguments.string("NAME") == "n")
            #expect(arguments.rest == ["make", "-j", "--json"])
        }
    }

    @Test("may be absent where the table allows it, and several where it says so")
    func arity() throws {
        #expect(try parse("task submit a/b -- x")?.string("NAME") == nil)
        #expect(try parse("task cancel")?.list("TASK") == [])
        #expect(try parse("task cancel a b c")?.list("TASK") == ["a", "b", "c"])
        #expect(try parse("pool delete a b")?.list("POOL") == ["a", "b"])
        #expect(try parse("task cancel -- --odd -q")?.list("TASK") == ["--odd", "-q"])
        #expect(try parse("task cancel -")?.list("TASK") == ["-"])
        #expect(try parse("--config= pool list")?.string("config") == "")
        #expect(try parse("--config - pool list")?.string("config") == "-")
        #expect(try parse("task submit a -p -3 -- x")?.string("priority") == "-3")
    }

    @Test(
        "that make no sense are a usage problem that says why",
        arguments: [
            ("pol", "there is no command pol; did you mean pool?"),
            ("pool lits", "there is no command lits; did you mean list?"),
            ("pool lst", "there is no command lst; did you mean list?"),
            ("worker lisst", "there is no command lisst; did you mean list?"),
            ("pool -- list", "the command list must stand right after pool"),
            ("pool list --jsn", "there is no option --jsn; did you mean --json?"),
            ("pool list --priority 3", "there is no option --priority"),
            ("pool list -x", "there is no option -x"),
            ("pool list --version", "there is no option --version"),
            ("pool list a", #"there is one word too many: "a""#), ("pool show", "POOL is missing"),
            ("pool show a b", #"there is one word too many: "b""#), ("pool delete", "POOL is missing"),
            ("task submit a", "COMMAND is missing after --"),
            ("task submit a --", "COMMAND is missing after --"),
            ("task submit -- x", "POOL is missing"), ("pool list --json=1", "--json takes no value"),
            ("pool list --config", "--config needs a value: --config FILE"),
            ("task submit a -p", "-p needs a value: -p N"),
            (
                "pool list --config --json",
                "--config needs a value, and --json looks like an option; write --config=--json if it is meant"
            ),
            ("pool list --config a --config b", "--config may be given only once"),
            ("worker --work-limit 2 list", "the command list must stand right after worker"),
        ])
    func refused(line: String, message: String) throws {
        #expect(throws: Problem(.usage, message)) { try parse(line) }
    }

    @Test("of the wrong type are a usage problem that names the option")
    func types() throws {
        let arguments = try #require(try parse("task submit a -p 10 --colour blue -- x"))
        #expect(throws: Problem(.usage, #"--priority must be a whole number from 0 to 9, not "10""#)) {
            try arguments.integer("priority", 0...9)
        }
        #expect(try arguments.integer("priority", 0...10) == 10)
        #expect(throws: Problem(.usage, #"POOL must be a whole number from 0 to 9, not "a""#)) {
            try arguments.integer("POOL", 0...9)
        }
        #expect(throws: Problem(.usage, #"--colour must be one of red, green, not "blue""#)) {
            try arguments.choice("colour", ExampleCommands.Colour.self)
        }
        #expect(throws: Problem(.usage, "--config is missing")) { try arguments.required("config") }
        #expect(
            try parse("task submit a --colour red -- x")?.choice("colour", ExampleCommands.Colour.self)
                == .red)
    }

    @Test(
        "ask for help at every level",
        arguments: [
            ("--help", "muster"), ("-h", "muster"), ("help", "muster"), ("pool --help", "muster pool"),
            ("help pool list", "muster pool list"), ("pool show --help", "muster pool show"),
            ("task submit -wh", "muster task submit"), ("--config f worker -h", "muster worker"),
        ])
    func help(line: String, path: String) throws {
        var parser = ArgumentParser(ExampleCommands.root())
        guard case .help = try parser.parse(line.split(separator: " ").map(String.init)) else {
            Issue.record("not a call for help")
            return
        }
        #expect(parser.path.map(\.name).joined(separator: " ") == path)
    }

    @Test("that stop at a group are incomplete", arguments: ["", "pool", "--json task"])
    func incomplete(line: String) throws {
        var parser = ArgumentParser(ExampleCommands.root())
        guard case .incomplete = try parser.parse(line.split(separator: " ").map(String.init)) else {
            Issue.record("not incomplete")
            return
        }
    }

    @Test("of any kind lead to a command or a problem")
    func random() {
        let pieces = [
            "pool", "list", "task", "submit", "worker", "--", "-", "--json", "-q", "-p", "--priority", "3",
            "--env=", "-eX", "--=", "-\u{e9}", "", "a/b", "--help", "=", "---", "cancel", "--config",
        ]
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let words = (0..<Int.random(in: 0..<8, using: &generator)).compactMap { _ in
                pieces.randomElement(using: &generator)
            }
            var parser = ArgumentParser(ExampleCommands.root())
            do throws(Problem) {
                _ = try parser.parse(words)
            } catch {
                #expect(error.code == .usage)
            }
        }
    }
}
