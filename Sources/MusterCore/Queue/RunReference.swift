/// One attempt at a task.
public struct RunReference: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The task.
    public var taskID: TaskID
    /// The attempt, counted from 0.
    public var runID: Int

    /// Makes a reference.
    public init(taskID: TaskID, runID: Int) {
        self.taskID = taskID
        self.runID = runID
    }

    private enum CodingKeys: String, CodingKey {
        case taskID = "taskId"
        case runID = "runId"
    }

    /// `task/run`.
    public var description: String { "\(taskID)/\(runID)" }
}
