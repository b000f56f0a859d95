import Dispatch
import FoundationEssentials
import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting

@testable import MusterCommand

/// A real `muster serve` on a state folder of its own, started, killed and started again by a test.
final class MusterFleet: Sendable {
    let folder: TemporaryFolder
    let setup: Configuration
    /// The database that it shares with others, if it has none of its own.
    let shared: SharedDatabase?
    /// Where tasks write down that they ran.
    let ledgerFile: String
    private let running = Locked<ChildProcess?>(nil)

    static let pool = PoolID(rawValue: "test/pool")

    /// - Parameters:
    ///   - settings: further lines of the configuration.
    ///   - reconcile: the time between two looks at what runs, in seconds.
    ///   - first: the fleet whose instances, events and ledger are this one's too: another service of the same
    ///     database.
    ///   - database: the database to use, if it is PostgreSQL's; that of `first` or a new one otherwise.
    ///   - engine: what it keeps its state in.
    init(
        _ settings: String = "", reconcile: Int = 1, beside first: MusterFleet? = nil,
        sharing database: SharedDatabase? = nil, on engine: StoreEngine = .chosen
    ) async throws {
        folder = try TemporaryFolder()
        switch engine {
        case .sqlite: shared = nil
        case .postgres:
            let known = database ?? first?.shared
            if let known { shared = known } else { shared = try await SharedDatabase() }
        }
        let line = shared.map { "database: {url: '\($0.url)'}\n" } ?? ""
        // Nobody waits for a minute for what a killed one had.
        let lease = shared == nil ? "" : ", lease: 20"
        ledgerFile = first?.ledgerFile ?? folder.path + "/ledger"
        try Self.configure(folder.path, line + settings, reconcile: reconcile, lease: lease, beside: first)
        setup = try Configuration.load(
            option: folder.path + "/muster.yaml", environment: [:], folder: folder.path)
    }

    /// Writes its configuration anew, with another name for the provider, and others beside it.
    func configure(provider: String = "local", beside others: String = "") throws {
        try Self.configure(
            folder.path, shared.map { "database: {url: '\($0.url)'}" } ?? "", provider: provider,
            others: others)
    }

    private static func configure(
        _ folder: String, _ settings: String = "", reconcile: Int = 1, lease: String = "",
        provider: String = "local", others: String = "", beside first: MusterFleet? = nil
    ) throws {
        let shared = first.map { ", folder: \($0.setup.instances)" } ?? ""
        let yaml = """
            state: \(folder)/state
            listen: 127.0.0.1:0
            providers: {\(provider): {kind: local\(shared)}, hand: {kind: static}\(others)}
            events: {file: \((first?.folder.path ?? folder))/events.jsonl}
            intervals: {pass: 1, reconcile: \(reconcile)\(lease)}
            \(settings)
            """
        try DurableFile.write(Array(yaml.utf8), to: folder + "/muster.yaml", mode: 0o644)
    }

    /// A failed test must not leave anything running.
    deinit {
        running.withLock { $0 }?.signal(SIGKILL)
        for pid in (try? Self.processes(below: folder.path)) ?? [] { kill(pid, SIGKILL) }
    }

    /// Runs a command line with this fleet's configuration.
    func muster(_ words: String..., input: String = "") async throws -> ProgramOutcome {
        try await muster(words, input: input)
    }

    /// The same with words that were put together.
    func muster(_ words: [String], input: String = "") async throws -> ProgramOutcome {
        try await MusterProgram.run(
            ["--config", folder.path + "/muster.yaml"] + words, in: folder.path, input: input)
    }

    /// Writes a file into the fleet's folder; its path.
    func file(_ name: String, _ text: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        try Folder.make(path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 })
        try DurableFile.write(Array(text.utf8), to: path, mode: 0o644)
        return path
    }

    /// Starts the service and waits until it serves, or until it dies.
    ///
    /// - Parameters:
    ///   - fault: the step at which it shall die, perhaps before it serves.
    ///   - words: the command that is to die; one that does not serve is waited for.
    ///   - extra: further variables of its environment.
    func start(
        fault: KillPlace? = nil, words: [String] = ["serve"], environment extra: [String: String] = [:]
    ) async throws {
        let lines = try spawn(fault: fault, words: words, environment: extra)
        for await line in lines where line.contains("serving") { return }
        guard fault != nil else { throw Problem(.unavailable, "the service ended before it served") }
    }

    /// Starts the service and waits for nothing; the lines of its log.
    @discardableResult
    func spawn(
        fault: KillPlace? = nil, words: [String] = ["serve"], environment extra: [String: String] = [:]
    ) throws -> AsyncStream<String> {
        var environment = MusterProgram.environment(home: folder.path).merging(extra) { $1 }
        if access(clockOffset, F_OK) == 0 { environment["MUSTER_CLOCK_OFFSET"] = clockOffset }
        if let fault {
            environment["MUSTER_FAULT"] = fault.name
            environment["MUSTER_FAULT_FILE"] = faultFile
        }
        let pipe = try OwnedDescriptor.pipe()
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let child = try ChildProcess.spawn(
            SpawnRequest(
                executable: MusterProgram.path,
                arguments: ["--config", folder.path + "/muster.yaml"] + words,
                environment: environment, folder: folder.path, descriptors: [null, null, pipe.writing]))
        running.withLock { $0 = child }
        return lines(of: pipe.reading)
    }

    /// The lines that come out of a pipe; reads on until its end, so that the writer never waits.
    private func lines(of pipe: OwnedDescriptor) -> AsyncStream<String> {
        let log = folder.path + "/service.log"
        return AsyncStream { continuation in
            DispatchQueue(label: "test.log").async {
                let copy = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while case let count = read(pipe.number, &buffer, buffer.count), count > 0 {
                    _ = write(copy, buffer, count)
                    for line in String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n") {
                        continuation.yield(String(line))
                    }
                }
                close(copy)
                continuation.finish()
            }
        }
    }

    /// The service's process.
    var pid: Int32? { running.withLock { $0 }?.pid }

    /// Sends the service a signal and waits for nothing.
    func signal(_ number: Int32) { running.withLock { $0 }?.signal(number) }

    /// Where workers reach the service, as its log says.
    var url: String? {
        log.split(separator: "\n").last { $0.contains("serving") }?.split(separator: " ")
            .first { $0.hasPrefix("workers=") }.map { String($0.dropFirst("workers=".count)) }
    }

    /// What the service has logged.
    var log: String {
        let bytes = (try? TextFile.read(folder.path + "/service.log", limit: 16 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a service that dies at a fault point says at which.
    var faultFile: String { folder.path + "/fault" }

    /// The file that says, in milliseconds, by how much the clock of a service is set that was started with it.
    var clockOffset: String { folder.path + "/clock-offset" }

    /// How the service has ended; nil while it runs.
    var exitStatus: ExitStatus? { running.withLock { $0 }?.exitStatus }

    /// Sends the service a signal, and waits for its end.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) async -> ExitStatus? {
        guard let child = running.withLock({ $0 }) else { return nil }
        _ = child.signal(signal)
        return await child.wait()
    }

    /// Calls the service through its socket.
    func client() throws -> ServiceClient { ServiceClient(try SocketCaller(socket: setup.socket)) }

    /// Defines the pool with one launch config, or another definition.
    func define(
        _ lifecycle: String = "", configs: String = "[{workerManager: {launchConfigId: standard}}]",
        min: Int = 0, max: Int = 3
    ) async throws {
        let yaml = """
            workerPoolId: \(Self.pool)
            providerId: local
            config:
              minCapacity: \(min)
              maxCapacity: \(max)
              anticipate: {idle: false}
              lifecycle: {idleTimeout: 0.5, stoppingTimeout: 20\(lifecycle)}
              launchConfigs: \(configs)
            """
        let request = ApplyRequest(
            workerPools: [try YAML.document(Array(yaml.utf8))], prune: false, dryRun: false)
        _ = try await client().post(APIPath.apply, request, ApplyAnswer.self)
    }

    /// Submits tasks that write down that they ran.
    ///
    /// - Parameters:
    ///   - work: what they do before that, in shell.
    ///   - deadline: when they must have been resolved.
    func submit(
        _ count: Int, work: String = "true", deadline: Timestamp? = nil
    ) async throws -> [TaskDocument] {
        try await submit((0..<count).map { "task-\($0)" }, work: work, deadline: deadline)
    }

    /// The same with names, and for a tenant.
    @discardableResult
    func submit(
        _ names: [String], of tenant: String? = nil, work: String, deadline: Timestamp? = nil,
        retries: Int? = nil, limits: [LimitName] = []
    ) async throws -> [TaskDocument] {
        let request = SubmitTasksRequest(
            tasks: names.map { name in
                TaskDefinition(
                    taskId: TaskID(rawValue: name), workerPoolId: Self.pool,
                    tenant: tenant.map(Tenant.init(rawValue:)), deadline: deadline, retries: retries,
                    limits: limits,
                    payload: TaskPayload(
                        command: [
                            "/bin/sh", "-c",
                            "\(work) && echo \"$MUSTER_TASK_ID $MUSTER_RUN_ID\" >> '\(ledgerFile)'",
                        ]))
            })
        return try await client().post(APIPath.tasks, request, TasksAnswer.self).tasks
    }

    /// The lines that tasks wrote, each "task run".
    func ledger() -> [String] {
        let bytes = (try? TextFile.read(ledgerFile, limit: 16 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
    }

    func task(_ index: Int) async throws -> TaskDocument { try await task("task-\(index)") }

    func task(_ name: String) async throws -> TaskDocument {
        try await client().get(APIPath.task(TaskID(rawValue: name)), TaskDocument.self)
    }

    func poolDocument() async throws -> PoolDocument {
        try await client().get(APIPath.pool(Self.pool), PoolDocument.self)
    }

    /// Asks again and again until `test` holds, for a minute at most: the API has no call that waits for it.
    func until(_ what: String, _ test: () async throws -> Bool) async throws {
        try await waitUntil(what, test)
    }

    /// Waits until the tasks are done and every worker has gone.
    func untilIdle(tasks: Int) async throws { try await untilIdle((0..<tasks).map { "task-\($0)" }) }

    /// The same for tasks of any names.
    func untilIdle(_ tasks: some Collection<String>, within patience: Duration = .seconds(60)) async throws {
        var waiting = Array(tasks)
        var last = ""
        try await waitUntil("the end of all tasks and workers", within: patience, state: { last }) {
            while let task = waiting.last {
                let document = try await self.task(task)
                last = ": \(waiting.count) tasks are left, one of them \(document)"
                guard document.resolved != nil else { return false }
                waiting.removeLast()
            }
            let capacity = try await self.poolDocument().capacity
            last = ": capacity \(capacity)"
            guard capacity.allSatisfy({ $0.key == Bucket.stopped.rawValue || $0.value == .zero }) else {
                return false
            }
            // One whose workers were quicker than its look-up counts nothing, and is still to be settled.
            let open = try await self.client().get(
                APIPath.launches + "?state=planned", LaunchesAnswer.self)
            last = ": \(open.launches.count) launches are open"
            return open.launches.isEmpty
        }
    }

    /// The processes of this fleet's instances that are there, found by their tag.
    func processes() async throws -> [Int32] {
        let fleet = try await store { store in try await store.read { try await $0.setting("fleet") } }
        return try ProcessTable.processes().filter { pid in
            (try? ProcessTable.environment(of: pid))??["MUSTER_FLEET"] == fleet
        }
    }

    /// The processes of instances whose folders are below `folder`, and what these have started.
    static func processes(below folder: String) throws -> [Int32] {
        try ProcessTable.processes().filter { pid in
            (try? ProcessTable.environment(of: pid))??["MUSTER_WORKER_FOLDER"]?.hasPrefix(folder + "/")
                == true
        }
    }

    /// What the database says after the service has ended.
    func store<Result>(_ body: (any Store) async throws -> Result) async throws -> Result {
        let store: any Store
        if let shared {
            store = try await PostgresStore.open(PostgresAddress(shared.url))
        } else {
            store = try SQLiteStore(path: setup.databaseFile)
        }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        await store.close()
        return try result.get()
    }
}
