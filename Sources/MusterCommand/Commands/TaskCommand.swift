import MusterAPI
import MusterCore
import MusterRuntime

extension Command {
    /// `muster task`: submit tasks and look at them.
    static let task = Command(
        "task", "submit tasks, look at them and cancel them",
        examples: [
            Example("muster task submit demo/build -- make test", "one task, at its end of the queue")
        ],
        subcommands: [
            submitTask,
            Command(
                "list", "list the tasks of a worker pool",
                operands: [Operand("POOL", "the worker pool, owner/name")],
                options: [
                    .value(
                        "state", "STATE", choices: QueuedTask.State.allCases.map(\.rawValue),
                        "only those that are pending, running, completed, failed or exception"),
                    .value("tenant", "TENANT", "only those of one tenant"),
                ], examples: [Example("muster task list demo/build --state pending", "what waits")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = try listing(arguments)
                let tasks = try await ServiceClient.with(setup) { client in
                    var tasks: [TaskDocument] = []
                    var token: String?
                    repeat {
                        let page = token.map { "&continuationToken=\($0)" } ?? ""
                        let answer = try await client.get(path + page, TasksAnswer.self)
                        tasks += answer.tasks
                        token = answer.continuationToken
                    } while token != nil
                    return tasks
                }
                try setup.answer(TasksAnswer(tasks: tasks)) {
                    try setup.output.print(table(of: tasks, at: setup.now))
                }
                return .done
            },
            Command(
                "show", "show a task with its runs and its places in the queue", operands: [taskOperand],
                examples: [Example("muster task show t01k...", "where it is, and what came of its runs")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.task(try arguments.task())
                try setup.show(
                    try await ServiceClient.with(setup) { try await $0.get(path, TaskDocument.self) })
                return .done
            },
            Command(
                "output", "write the output of a task's last run", operands: [taskOperand],
                examples: [Example("muster task output t01k... > build.log", "the whole output")]
            ) { arguments in
                let setup = try Setup(arguments)
                let path = APIPath.task(try arguments.task())
                let task = try await ServiceClient.with(setup) { try await $0.get(path, TaskDocument.self) }
                try setup.writeOutput(of: task)
                return .done
            },
            cancelTasks,
        ])

    private static let taskOperand = Operand("TASK", "the task's id")

    private static func listing(_ arguments: ParsedArguments) throws(Problem) -> String {
        var path = APIPath.tasks(of: try arguments.pool()) + "?limit=1000"
        if let state = try arguments.choice("state", QueuedTask.State.self) {
            path += "&state=\(state.rawValue)"
        }
        if let tenant = arguments.string("tenant") { path += "&tenant=\(APIPath.segment(tenant))" }
        return path
    }

    private static func table(of tasks: [TaskDocument], at now: Timestamp) -> Table {
        var table = Table([
            .text("TASK"), .text("STATE"), .text("TENANT"), .text("PRIORITY"), .text("SUBMITTED"),
            .text("COMMAND"),
        ])
        for task in tasks {
            table.add([
                StyledText(task.taskId.rawValue), StyledText(task.state, task.style),
                StyledText(task.tenant.rawValue),
                StyledText(task.priority.rawValue), StyledText(HumaneTime.text(task.submitted, from: now)),
                StyledText(task.payload.command.joined(separator: " ")),
            ])
        }
        return table
    }
}

extension ParsedArguments {
    /// The task that the operand names.
    func task() throws(Problem) -> TaskID {
        do {
            return try TaskID(validating: try required("TASK"))
        } catch {
            throw Problem(.usage, error.message)
        }
    }
}

extension TaskDocument {
    /// How its state is shown.
    var style: Style {
        switch state {
        case "completed": .good
        case "failed", "exception": .bad
        case "running": .accent
        default: .plain
        }
    }
}

extension Setup {
    /// Writes everything there is to see of a task.
    func show(_ task: TaskDocument) throws {
        try answer(task) {
            try output.print(
                StyledText(task.taskId.rawValue, .strong) + "  " + StyledText(task.state, task.style))
            try output.print("command    \(task.payload.command.joined(separator: " "))")
            try output.print("pool       \(task.workerPoolId.rawValue)")
            try output.print("tenant     \(task.tenant.rawValue), priority \(task.priority.rawValue)")
            try output.print("submitted  \(HumaneTime.text(task.submitted, from: now))")
            try output.print("deadline   \(HumaneTime.text(task.deadline, from: now))")
            if let own = task.placeInTenantQueue, let all = task.placeInQueue {
                try output.print("place      \(own) of its tenant's, \(all) of all")
            }
            for run in task.runs ?? [] {
                let end = run.resolution.map { "\($0.rawValue) (\(run.reason?.rawValue ?? ""))" } ?? "running"
                let code = run.exitCode.map { ", exit code \($0)" } ?? ""
                try output.print(
                    "run \(run.runId)      \(end)\(code) on \(run.workerGroup.rawValue)/\(run.workerId.rawValue)"
                )
                if let path = run.output { try output.print("           \(path)") }
            }
        }
    }
}
