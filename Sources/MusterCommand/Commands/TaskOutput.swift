import MusterAPI
import MusterCore
import MusterRuntime

extension Setup {
    /// Writes the output of a task's last run: the file where it is on this machine, otherwise the end of it that
    /// the worker reported.
    ///
    /// - Throws: `Problem` `input-invalid` for a task that never ran, `unavailable` when nothing of its output is
    ///   known.
    func writeOutput(of task: TaskDocument) throws {
        guard let run = task.runs?.last else {
            throw Problem(.inputInvalid, "the task \(task.taskId) has not run yet")
        }
        guard let path = run.output else { return try writeTail(of: run, because: nil) }
        let bytes: [UInt8]
        do throws(Problem) {
            bytes = try TextFile.read(path, limit: ClientPolicy.answerLimit)
        } catch {
            return try writeTail(of: run, because: error)
        }
        try output.print(data: bytes)
    }

    /// A person who asked for the whole output must know that this is not it.
    private func writeTail(of run: RunDocument, because problem: Problem?) throws {
        guard let tail = run.tail else {
            if run.resolved != nil {
                let reason = run.reason.map { " (\($0.rawValue))" } ?? ""
                throw Problem(
                    .unavailable,
                    "the run ended without a report of its worker\(reason), so that its output is not known")
            }
            throw Problem(.unavailable, "the run has not ended, so that its output is not known yet")
        }
        if let problem {
            let rest =
                tail.isEmpty
                ? "its worker reported none of it" : "this is the end of it, as its worker reported it"
            try errors.print(
                StyledText(
                    "muster: the output's file is gone or cannot be read (\(problem.message)): \(rest)"))
        }
        try output.print(data: Array(tail.utf8))
    }
}
