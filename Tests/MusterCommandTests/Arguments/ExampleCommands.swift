import MusterCore

@testable import MusterCommand

/// A tree of commands like the real one, whose commands tell what they were called with.
enum ExampleCommands {
    enum Colour: String, CaseIterable { case red, green }

    static func root(_ run: @escaping Command.Run = { _ in .done }) -> Command {
        Command(
            "muster", "keep pools of workers as large as their work",
            options: [.flag("version", "show the version")],
            subcommands: [
                Command(
                    "pool", "look at pools",
                    subcommands: [
                        Command("list", "list all pools", run: run),
                        Command("show", "show a pool", operands: [.init("POOL", "the pool's id")], run: run),
                        Command(
                            "delete", "delete pools", operands: [.init("POOL", "the pools' ids", .oneOrMore)],
                            run: run),
                    ]),
                Command(
                    "task", "submit tasks and look at them",
                    subcommands: [
                        Command(
                            "submit", "submit a task",
                            discussion: "The task waits in the pool's queue\nuntil a worker claims it.\n\n"
                                + "A repeat with the same id is recognised.",
                            operands: [.init("POOL", "the pool's id"), .init("NAME", "a name", .optional)],
                            rest: .init("COMMAND", "what the worker runs", .oneOrMore),
                            options: [
                                .value("priority", short: "p", "N", "from 0 to 9, the highest first"),
                                .value("env", short: "e", "NAME=VALUE", repeats: true, "a variable"),
                                .value("colour", "COLOUR", "red or green"),
                                .flag("wait", short: "w", "wait until it has ended"),
                            ],
                            examples: [
                                .init("muster task submit a/b -- make test", "run `make test` in pool a/b")
                            ],
                            run: run),
                        Command("cancel", "cancel tasks", operands: [.init("TASK", "ids", .any)], run: run),
                    ]),
                Command(
                    "worker", "run a worker", options: [.value("work-limit", "N", "tasks at once")],
                    subcommands: [Command("list", "list workers", run: run)], run: run),
                Command(
                    "plan", "explain", operands: [.init("POOL", "a pool", .optional)],
                    subcommands: [
                        Command("list", "list plans", run: run)
                    ], run: run),
            ])
    }
}
