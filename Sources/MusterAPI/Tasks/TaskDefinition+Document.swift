public import MusterCore

extension SubmitTasksRequest {
    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        let elements = reader.list("tasks", limit: QueuePolicy.tasksPerSubmission) ?? []
        if !reader.has("tasks") { reader.refuse("tasks", "is missing") }
        tasks = elements.map { TaskDefinition(reader.element($0)) }
        try reader.finish()
    }
}

extension TaskDefinition {
    fileprivate init(_ reader: DocumentReader) {
        self.init(
            taskId: reader.identifier("taskId", TaskID.self),
            workerPoolId: reader.identifier("workerPoolId", PoolID.self) ?? PoolID(rawValue: ""),
            tenant: reader.identifier("tenant", Tenant.self),
            priority: reader.choice("priority", Priority.self),
            deadline: Self.deadline(reader), retries: reader.integer("retries", 0...49),
            limits: Self.limits(reader),
            payload: reader.has("payload")
                ? Self.payload(reader.object("payload")) : TaskPayload(command: []))
        if !reader.has("workerPoolId") { reader.refuse("workerPoolId", "is missing") }
        if !reader.has("payload") { reader.refuse("payload", "is missing") }
        reader.refuseUnknown()
    }

    private static func limits(_ reader: DocumentReader) -> [LimitName]? {
        guard reader.has("limits") else { return nil }
        let names = reader.limitNames("limits", limit: LimitPolicy.limitsPerTask)
        if names.contains(where: \.isOfPool) {
            reader.refuse("limits", "names a worker pool's own limit, which is for that pool's tasks alone")
        }
        return names
    }

    private static func deadline(_ reader: DocumentReader) -> Timestamp? {
        guard let text = reader.string("deadline") else { return nil }
        guard let moment = Timestamp(text) else {
            reader.refuse("deadline", "must be ISO 8601 in UTC, such as 2026-11-21T07:30:00Z")
            return nil
        }
        return moment
    }

    private static func payload(_ reader: DocumentReader) -> TaskPayload {
        let payload = TaskPayload(
            command: reader.strings("command") ?? [], environment: reader.stringMap("environment") ?? [:],
            maxRunTime: reader.integer("maxRunTime", 1...30 * 86_400))
        if payload.command.first.map(\.isEmpty) ?? true {
            reader.refuse("command", "must name a program to run")
        }
        let texts = payload.command + payload.environment.flatMap { [$0.key, $0.value] }
        if texts.contains(where: { $0.utf8.contains(0) }) { reader.refuse("command", "must not contain NUL") }
        if payload.environment.keys.contains(where: { $0.isEmpty || $0.contains("=") }) {
            reader.refuse("environment", "has a name that is empty or contains =")
        }
        if texts.map(\.utf8.count).reduce(0, +) > QueuePolicy.payloadLimit {
            reader.refuse(
                "command", "and environment must be at most \(QueuePolicy.payloadLimit) bytes together")
        }
        reader.refuseUnknown()
        return payload
    }
}
