import MusterAPI
import MusterCore

extension Command {
    /// `muster task cancel`: tasks that nobody wants any more.
    static let cancelTasks = Command(
        "cancel", "cancel tasks",
        discussion: """
            A task that waits is taken out of the queue; the command of one that runs is stopped by its worker. \
            One that is over stays as it is, so that it does no harm to cancel again.
            """,
        operands: [Operand("TASK", "the tasks' ids", .any)],
        options: [
            .value("all", "POOL", "all tasks of a worker pool that are not over"),
            .value("tenant", "TENANT", "with --all: only those of one tenant"),
        ],
        examples: [
            Example("muster task cancel t01k...", "its worker stops the command"),
            Example("muster task cancel --all demo/build --tenant alice", "everything that alice waits for"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let tasks = try arguments.tasks()
        if let pool = try arguments.identifier("all", PoolID.self) {
            guard tasks.isEmpty else {
                throw Problem(.usage, "--all takes the place of TASK")
            }
            let tenant = try arguments.identifier("tenant", Tenant.self)
            let cancelled = try await ServiceClient.with(setup) { client in
                try await cancelAll(of: pool, tenant, client)
            }
            try setup.answer(cancelled)
            return .done
        }
        guard arguments.string("tenant") == nil else { throw Problem(.usage, "--tenant needs --all") }
        guard let first = tasks.first else { throw Problem(.usage, "TASK is missing") }
        guard tasks.count > 1 else {
            let task = try await ServiceClient.with(setup) {
                try await $0.post(APIPath.cancel(first), [String: String](), TaskDocument.self)
            }
            try setup.answer(task) { try setup.output.print("\(task.taskId.rawValue) is \(task.state)") }
            return .done
        }
        let cancelled = try await ServiceClient.with(setup) {
            try await $0.post(APIPath.cancelTasks, CancelTasksRequest.tasks(tasks), CancelTasksAnswer.self)
        }
        try setup.answer(cancelled)
        return .done
    }

    /// The service cancels a bounded number with each call.
    private static func cancelAll(
        of pool: PoolID, _ tenant: Tenant?, _ client: ServiceClient
    ) async throws -> CancelTasksAnswer {
        var cancelled = 0
        var token: String?
        repeat {
            let request = CancelTasksRequest.all(of: pool, tenant: tenant, continuationToken: token)
            let answer = try await client.post(APIPath.cancelTasks, request, CancelTasksAnswer.self)
            cancelled += answer.cancelled
            token = answer.continuationToken
        } while token != nil
        return CancelTasksAnswer(cancelled: cancelled)
    }
}

extension Setup {
    fileprivate func answer(_ cancelled: CancelTasksAnswer) throws {
        let count = cancelled.cancelled
        try answer(cancelled) { try output.print("cancelled \(count) \(count == 1 ? "task" : "tasks")") }
    }
}

extension ParsedArguments {
    /// The tasks that the operands name.
    fileprivate func tasks() throws(Problem) -> [TaskID] {
        var tasks: [TaskID] = []
        for word in list("TASK") {
            do {
                tasks.append(try TaskID(validating: word))
            } catch {
                throw Problem(.usage, error.message)
            }
        }
        return tasks
    }
}
