import MusterAPI
import MusterCore
import MusterRuntime

extension Command {
    /// `muster task submit`: one task from the command line, or many from a file.
    static let submitTask = Command(
        "submit", "submit a task, or a file of tasks",
        discussion: """
            The command runs without a shell. With --file, a YAML or JSON file with a list under `tasks` is \
            submitted instead, all of it or nothing; - reads it from the standard input.
            """,
        operands: [Operand("POOL", "the worker pool, owner/name", .optional)],
        rest: Operand("COMMAND", "the program and its arguments", .any),
        options: [
            .value("tenant", "TENANT", "whose task it is"),
            .value(
                "priority", "PRIORITY", choices: Priority.allCases.map(\.rawValue),
                "highest, very-high, high, medium, low, very-low or lowest"),
            .value("id", "ID", "the task's id; a repeat with the same id submits nothing twice"),
            .value("env", "NAME=VALUE", repeats: true, "a variable for the command"),
            .value("max-run-time", "SECONDS", "end the command after this"),
            .value("retries", "N", "how often it may be tried again"),
            .value("limit", "LIMIT", repeats: true, "a concurrency limit besides the pool's"),
            .value("deadline", "TIME", "when it must be done: a time, or 90s, 10m, 2h, 1d"),
            .value("file", short: "f", "FILE", "submit the tasks of this file"),
            .flag("wait", "wait until the tasks are done; exit code 1 unless all completed"),
        ],
        examples: [
            Example("muster task submit demo/build -- make -C /src/app test", "one task"),
            Example("muster task submit demo/build --tenant alice --wait -- sh -c 'sleep 1'", "and its end"),
            Example("muster task submit -f tasks.yaml", "many at once"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let request = try request(arguments, setup)
        let tasks = try await ServiceClient.with(setup) { client in
            if arguments.flag("wait"), !client.isServed {
                throw Problem(
                    .unavailable, "--wait needs a service that runs: start one with muster serve")
            }
            let submitted = try await client.post(APIPath.tasks, request, TasksAnswer.self).tasks
            return arguments.flag("wait") ? try await ends(of: submitted, client) : submitted
        }
        try setup.answer(TasksAnswer(tasks: tasks)) {
            for task in tasks {
                try setup.output.print(
                    StyledText(task.taskId.rawValue) + "  " + StyledText(task.state, task.style))
            }
        }
        return arguments.flag("wait") && tasks.contains { $0.state != "completed" } ? .failed : .done
    }

    private static func request(_ arguments: ParsedArguments, _ setup: Setup) throws -> SubmitTasksRequest {
        if let file = arguments.string("file") {
            guard arguments.string("POOL") == nil, arguments.rest.isEmpty else {
                throw Problem(.usage, "--file takes the place of POOL and COMMAND")
            }
            return try read(file).withIDs()
        }
        guard !arguments.rest.isEmpty else {
            throw Problem(.usage, "the command to run is missing: put it after --")
        }
        var environment: [String: String] = [:]
        for text in arguments.list("env") {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw Problem(.usage, "--env must be NAME=VALUE")
            }
            environment[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        let limits = try arguments.limitNames("limit")
        let task = TaskDefinition(
            taskId: try arguments.identifier("id", TaskID.self), workerPoolId: try arguments.pool(),
            tenant: try arguments.identifier("tenant", Tenant.self),
            priority: try arguments.choice("priority", Priority.self),
            deadline: try arguments.string("deadline").map { try setup.moment($0, option: "deadline") },
            retries: try arguments.integer("retries", 0...49), limits: limits.isEmpty ? nil : limits,
            payload: TaskPayload(
                command: arguments.rest, environment: environment,
                maxRunTime: try arguments.integer("max-run-time", 1...30 * 86_400)))
        return SubmitTasksRequest(tasks: [task]).withIDs()
    }

    private static func read(_ file: String) throws(Problems) -> SubmitTasksRequest {
        let bytes: [UInt8]
        do { bytes = try TextFile.read(file, limit: ServicePolicy.bulkBody) } catch { throw Problems(error) }
        do throws(Problems) {
            let document: Document
            do { document = try YAML.document(bytes) } catch { throw Problems(error) }
            return try SubmitTasksRequest(document)
        } catch {
            throw Problems(error.all.map { $0.located(in: file) }) ?? error
        }
    }

    private static func ends(of tasks: [TaskDocument], _ client: ServiceClient) async throws -> [TaskDocument]
    {
        var ended: [TaskDocument] = []
        for task in tasks {
            var current = task
            while ["pending", "running"].contains(current.state) {
                try await Task.sleep(for: ClientPolicy.waitInterval)
                current = try await client.get(APIPath.task(task.taskId), TaskDocument.self)
            }
            ended.append(current)
        }
        return ended
    }
}

extension SubmitTasksRequest {
    /// The same with an id for each task that has none, so that a call whose answer is lost can be repeated.
    fileprivate func withIDs() -> SubmitTasksRequest {
        var generator = SystemRandomNumberGenerator()
        let now = SystemClock().now()
        var request = self
        for index in request.tasks.indices where request.tasks[index].taskId == nil {
            request.tasks[index].taskId = NewIdentifier.task(at: now, using: &generator)
        }
        return request
    }
}

extension ParsedArguments {
    /// An option that is an identifier.
    func identifier<ID: Identifier>(_ name: String, _ type: ID.Type) throws(Problem) -> ID? {
        guard let text = string(name) else { return nil }
        do {
            return try ID(validating: text)
        } catch {
            throw Problem(.usage, "--\(name): \(error.message)")
        }
    }
}
