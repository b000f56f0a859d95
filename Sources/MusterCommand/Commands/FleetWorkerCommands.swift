import MusterAPI
import MusterCore

extension Command {
    /// `muster worker list`.
    static let listWorkers = Command(
        "list", "list workers",
        discussion: "Those that are gone are left out, unless --state stopped asks for them.",
        options: [
            .pool,
            .value(
                "state", "STATE",
                "only those that are \(Bucket.allCases.map(\.rawValue).joined(separator: ", "))"),
            .value("launch-config", "CONFIG", "only those of one launch config"), .limit,
        ],
        examples: [
            Example("muster worker list --pool demo/build", "what there is of one pool"),
            Example("muster worker list --state suspected", "those that have been silent for too long"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let filter = [
            ("workerPoolId", try arguments.poolOption()?.rawValue),
            ("state", try arguments.choice("state", Bucket.self)?.rawValue),
            ("launchConfigId", try arguments.identifier("launch-config", LaunchConfigID.self)?.rawValue),
        ]
        let limit = try arguments.limit()
        let answer = try await ServiceClient.with(setup) {
            try await $0.list(APIPath.workers, filter, limit: limit, WorkersAnswer.self)
        }
        try setup.list(answer) { WorkerText.table(of: $0.workers, at: setup.now) }
        return .done
    }

    /// `muster worker show`.
    static let showWorker = Command(
        "show", "show a worker with what it runs", operands: [workerOperand],
        examples: [
            Example("muster worker show demo/build local/l01k...-0", "by pool, group and id"),
            Example("muster worker show l01k...-0", "by an id that only one worker has"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let name = try arguments.worker()
        let worker = try await ServiceClient.with(setup) { client in
            try await client.get(APIPath.worker(try await client.key(of: name)), WorkerDocument.self)
        }
        try setup.answer(worker) { try WorkerText.show(worker, at: setup.now, to: setup.output) }
        return .done
    }

    /// `muster worker retire`.
    static let retireWorker = Command(
        "retire", "let a worker finish what it has and end, or end it at once",
        discussion: """
            A worker that is retired takes no more tasks, and its instance ends when it holds none. With --now \
            its instance is told to end at once: what it does not finish meanwhile runs again elsewhere, as \
            soon as the instance is gone. One that ends already stays as it is.
            """,
        operands: [workerOperand],
        options: [.flag("now", "end its instance at once")],
        examples: [
            Example("muster worker retire l01k...-0", "once it has finished what it has"),
            Example("muster worker retire demo/build local/l01k...-0 --now", "at once"),
        ]
    ) { arguments in
        let setup = try Setup(arguments)
        let name = try arguments.worker()
        let request = RetireRequest(atOnce: arguments.flag("now"))
        let worker = try await ServiceClient.with(setup) { client in
            let path = APIPath.worker(try await client.key(of: name)) + "/retire"
            return try await client.post(path, request, WorkerDocument.self)
        }
        try setup.answer(worker) {
            try setup.output.print(
                StyledText("\(worker.key) is ") + WorkerText.state(worker)
                    + StyledText(worker.reason.map { ": \($0)" } ?? ""))
        }
        return .done
    }

    private static let workerOperand = Operand(
        "WORKER", "POOL GROUP/ID, or an id that only one worker has", .oneOrMore)
}

/// How a person names a worker.
enum WorkerName: Sendable {
    case key(WorkerKey)
    /// By an id that only one worker has.
    case id(WorkerID)
}

extension ParsedArguments {
    /// The worker that the operand names: `POOL GROUP/ID`, the same with a slash between as events write it, or
    /// `ID`.
    fileprivate func worker() throws(Problem) -> WorkerName {
        let parts = list("WORKER").joined(separator: "/").split(
            separator: "/", omittingEmptySubsequences: false
        ).map(String.init)
        do throws(Problem) {
            switch parts.count {
            case 1: return .id(try WorkerID(validating: parts[0]))
            case 4:
                return .key(
                    WorkerKey(
                        poolID: try PoolID(validating: "\(parts[0])/\(parts[1])"),
                        group: try WorkerGroup(validating: parts[2]), id: try WorkerID(validating: parts[3])))
            default: throw Problem(.usage, "WORKER must be POOL GROUP/ID, or an id")
            }
        } catch {
            throw Problem(.usage, error.message)
        }
    }
}

extension ServiceClient {
    /// The full name of the worker that somebody names.
    ///
    /// - Throws: `Problem` `worker-not-found`, `conflict` when there are several of that id.
    fileprivate func key(of name: WorkerName) async throws -> WorkerKey {
        switch name {
        case .key(let key): return key
        case .id(let id):
            let found = try await list(
                APIPath.workers, [("workerId", id.rawValue)], limit: ClientPolicy.namesakes,
                WorkersAnswer.self
            ).workers
            guard let first = found.first else {
                throw Problem(.workerNotFound, "there is no worker \(id)")
            }
            guard found.count == 1 else {
                let names = found.map { "\($0.workerPoolId) \($0.workerGroup)/\($0.workerId)" }
                throw Problem(
                    .conflict, "several workers have the id \(id): \(names.joined(separator: ", "))")
            }
            return first.key
        }
    }
}
