import Testing

@testable import MusterCommand

@Suite("Help")
struct HelpTextTests {
    private func help(_ words: [String], columns: Int = 80) throws -> String {
        var parser = ArgumentParser(ExampleCommands.root())
        _ = try parser.parse(words + ["--help"])
        return HelpText(parser.path, columns: columns).lines()
            .map { $0.rendered(styled: false) + "\n" }.joined()
    }

    @Test("tells everything that a command takes")
    func command() throws {
        #expect(
            try help(["task", "submit"]) == """
                Usage: muster task submit [OPTION...] POOL [NAME] -- COMMAND...

                Submit a task.

                The task waits in the pool's queue until a worker claims it.

                A repeat with the same id is recognised.

                Operands:
                  POOL     the pool's id
                  NAME     a name
                  COMMAND  what the worker runs

                Options:
                  -p, --priority N      from 0 to 9, the highest first
                  -e, --env NAME=VALUE  a variable; may be repeated
                      --colour COLOUR   red or green
                  -w, --wait            wait until it has ended
                  -h, --help            show this help

                Global options:
                      --config FILE  read this muster.yaml
                      --json         write JSON, for programs
                  -q, --quiet        write no more than what was asked for

                Examples:
                  muster task submit a/b -- make test
                      run `make test` in pool a/b

                """)
    }

    @Test("lists the commands of a group, and both uses of a group that runs")
    func groups() throws {
        let pool = try help(["pool"])
        #expect(
            pool.hasPrefix(
                "Usage: muster pool COMMAND ...\n\nLook at pools.\n\nCommands:\n  list    list all pools\n"))
        #expect(
            try help(["worker"]).hasPrefix(
                "Usage: muster worker [OPTION...]\n       muster worker COMMAND ...\n"))
    }

    @Test("keeps to narrow terminals", arguments: [20, 30, 40, 60])
    func narrow(columns: Int) throws {
        let lines = try help(["task", "submit"], columns: columns).split(separator: "\n")
        let summaries = lines.filter { $0.hasPrefix("    ") && !$0.contains("--") }
        for line in summaries { #expect(line.count <= max(columns, columns / 2 + 24), "\(line)") }
        #expect(
            lines.contains {
                $0.hasSuffix("a variable; may be") || $0.contains("a variable; may be repeated")
                    || $0.hasSuffix("a variable;")
            })
    }

    @Test("is complete and consistent for every command of the tree")
    func tree() {
        func check(_ path: [Command]) {
            let command = path[path.count - 1]
            #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
            let options = command.options + Command.Option.global + [.help]
            #expect(Set(options.map(\.name)).count == options.count, "\(command.name)")
            #expect(Set(options.compactMap(\.short)).count == options.compactMap(\.short).count)
            for operand in command.operands.dropLast() {
                #expect(operand.arity == .one || operand.arity == .optional)
            }
            for next in command.subcommands { check(path + [next]) }
        }
        check([ExampleCommands.root()])
    }
}
