import Glibc
import MusterCore
import MusterRuntime

/// The real program on a folder of its own, started and killed by a chaos run.
final class ChaosProgram: Sendable {
    let folder: TemporaryFolder
    private let executable: String
    private let environment: [String: String]
    private let running = Locked<ChildProcess?>(nil)

    /// Where its database is.
    var database: String { folder.path + "/state/muster.db" }

    init(_ executable: String, providers: String, environment: [String: String], in folder: TemporaryFolder)
        throws
    {
        self.folder = folder
        self.executable = executable
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path]
        if let path = getenv("LD_LIBRARY_PATH") { variables["LD_LIBRARY_PATH"] = String(cString: path) }
        self.environment = variables.merging(environment) { $1 }
        let yaml = """
            state: \(folder.path)/state
            listen: 127.0.0.1:0
            providers:
            \(providers)
            secrets: {azure: {environment: CHAOS_AZURE_SECRET}}
            sources: {folders: ['\(folder.path)']}
            events: {file: \(folder.path)/events.jsonl}
            intervals: {pass: 1, reconcile: 2}
            """
        try write(yaml, to: "muster.yaml")
    }

    deinit { running.withLock { $0 }?.signal(SIGKILL) }

    /// Writes a file of its folder; its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try DurableFile.write(Array(text.utf8), to: "\(folder.path)/\(name)", mode: 0o600)
        return "\(folder.path)/\(name)"
    }

    /// Starts the service, and waits until it serves.
    func start() async throws {
        let before = logSize
        let child = try spawn(["serve"])
        running.withLock { $0 = child }
        let clock = SystemClock()
        let end = clock.uptime() + ChaosPolicy.startTime
        while clock.uptime() < end {
            if try serves(after: before) { return }
            guard child.exitStatus == nil else { break }
            try await clock.sleep(for: ChaosPolicy.lookInterval)
        }
        throw Problem(.unavailable, "the service did not start: \(lastWords)")
    }

    private var log: String { folder.path + "/program.log" }

    private var logSize: Int64 {
        var facts = stat()
        return stat(log, &facts) == 0 ? Int64(facts.st_size) : 0
    }

    /// Whether it has said so since its log had that size.
    private func serves(after size: Int64) throws -> Bool {
        let file = try OwnedDescriptor.open(log, O_RDONLY)
        var bytes = [UInt8](repeating: 0, count: ChaosPolicy.firstWords)
        let count = pread(file.number, &bytes, bytes.count, off_t(size))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains(" info serving ")
    }

    /// Kills it, wherever it is.
    func kill() async {
        guard let child = running.withLock({ $0 }) else { return }
        child.signal(SIGKILL)
        _ = await child.wait()
    }

    /// Lets it end by itself.
    func stop() async throws {
        guard let child = running.withLock({ $0 }) else { return }
        child.signal(SIGTERM)
        let status = await child.wait()
        guard status.isSuccess else { throw Problem(.unavailable, "the service ended with \(status)") }
    }

    /// Runs a command of it to its end.
    ///
    /// - Throws: when the command fails.
    func muster(_ words: [String]) async throws {
        let status = try await spawn(words).wait()
        guard status.isSuccess else {
            throw Problem(
                .unavailable, "muster \(words.joined(separator: " ")) ended with \(status): \(lastWords)")
        }
    }

    /// Applies pool definitions.
    func apply(_ pools: String) async throws {
        try await muster(["apply", "-f", try write(pools, to: "pools.json")])
    }

    /// The end of what it and its commands wrote: the folder is gone when a person could look.
    var lastWords: String {
        let bytes = (try? TextFile.read(log, limit: 256 << 20)) ?? []
        return String(decoding: bytes.suffix(ChaosPolicy.lastWords), as: UTF8.self)
    }

    private func spawn(_ words: [String]) throws -> ChildProcess {
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let log = try OwnedDescriptor.open(log, O_WRONLY | O_CREAT | O_APPEND)
        return try ChildProcess.spawn(
            SpawnRequest(
                executable: executable, arguments: ["--config", folder.path + "/muster.yaml"] + words,
                environment: environment, folder: folder.path, descriptors: [null, log, log]))
    }
}
