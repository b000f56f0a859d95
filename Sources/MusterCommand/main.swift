import FoundationEssentials
import Glibc

// A peer that goes away is an error of that write, not the end of the process.
signal(SIGPIPE, SIG_IGN)

let environment = ProcessInfo.processInfo.environment
let runner = CommandRunner(
    .root, output: Terminal(descriptor: 1, environment: environment),
    errors: Terminal(descriptor: 2, environment: environment))
exit(await runner.run(Array(CommandLine.arguments.dropFirst())).rawValue)
