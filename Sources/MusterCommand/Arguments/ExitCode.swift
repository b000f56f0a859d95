/// How the process ends.
enum ExitCode: CInt, Sendable {
    /// What was asked for is done.
    case done = 0
    /// It could not be done.
    case failed = 1
    /// What was asked for makes no sense: unknown command or option, missing operand.
    case usedWrongly = 2
}
