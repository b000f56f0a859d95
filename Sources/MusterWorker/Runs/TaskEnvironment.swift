import MusterAPI
import MusterCore

/// The environment of a task's command.
enum TaskEnvironment {
    private static let reserved = "MUSTER_"

    /// What a task gets of the worker's own environment: nothing of Muster's, so that no task sees how the
    /// worker was configured.
    static func inherited(from environment: [String: String]) -> [String: String] {
        environment.filter { !$0.key.hasPrefix(reserved) }
    }

    /// What the command of `task` gets: what it inherits, then what the task asks for, then what it is.
    static func of(_ task: ClaimedTask, inherited: [String: String]) -> [String: String] {
        var environment = inherited.merging(task.payload.environment) { _, asked in asked }
        environment["MUSTER_TASK_ID"] = task.taskId.rawValue
        environment["MUSTER_RUN_ID"] = String(task.runId)
        environment["MUSTER_TENANT"] = task.tenant.rawValue
        return environment
    }
}
