import Glibc

// A service that is measured may go away while it is written to.
signal(SIGPIPE, SIG_IGN)

exit(await BenchProgram.run(Array(CommandLine.arguments.dropFirst())))
