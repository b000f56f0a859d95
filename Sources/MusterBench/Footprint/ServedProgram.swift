import Glibc
import MusterCore
import MusterRuntime
import MusterTesting

/// The real program on a state folder of its own.
final class ServedProgram: Sendable {
    private let folder: TemporaryFolder
    private let program: String
    private var configuration: String { folder.path + "/muster.yaml" }
    private var state: String { folder.path + "/state" }

    /// Where operators reach it.
    var socket: String { state + "/muster.sock" }

    /// Writes its configuration: a local provider, a free port, and what is usual for the rest.
    ///
    /// - Parameter database: the connection string of a PostgreSQL database; nil for an embedded one.
    init(_ surroundings: Surroundings, database: String? = nil) throws {
        folder = try TemporaryFolder(in: surroundings.folder)
        program = surroundings.program
        let yaml = """
            state: \(folder.path)/state
            listen: 127.0.0.1:0
            providers: {local: {kind: local}}
            \(database.map { "database: {url: \"\($0)\"}" } ?? "")
            """
        try DurableFile.write(Array(yaml.utf8), to: configuration, mode: 0o600)
    }

    /// Puts pools into its store while it does not run.
    func stock(_ pools: Int, seed: UInt64) async throws {
        try Folder.make(state)
        let scene = try Scene(
            database: state + "/muster.db", seed: seed, provider: ProviderID(rawValue: "local"))
        try await scene.define((0..<pools).map { scene.definition($0, launchConfigs: 2, min: 0, max: 4) })
        await scene.close()
    }

    /// Runs the command that does the least; the milliseconds from its start to its end.
    func versionCommand() async throws -> Double {
        let watch = Stopwatch()
        let child = try spawn("version", errors: try OwnedDescriptor.open("/dev/null", O_RDWR))
        let status = await child.wait()
        let time = watch.milliseconds
        guard status.isSuccess else { throw Problem(.unavailable, "\(program) version ended with \(status)") }
        return time
    }

    /// Starts the service and waits until it says that it serves.
    func serve() async throws -> RunningService {
        let watch = Stopwatch()
        let (child, log) = try spawnWithPipe("serve")
        var service = RunningService(child: child, log: log)
        guard service.says("serving") else {
            child.signal(SIGKILL)
            throw Problem(.unavailable, "\(program) serve ended before it served: \(await child.wait())")
        }
        service.milliseconds = watch.milliseconds
        return service
    }

    /// The other end of the pipe is the child's alone when this returns: its end can be seen.
    private func spawnWithPipe(_ command: String) throws -> (ChildProcess, OwnedDescriptor) {
        let pipe = try OwnedDescriptor.pipe()
        return (try spawn(command, errors: pipe.writing), pipe.reading)
    }

    private func spawn(_ command: String, errors: OwnedDescriptor) throws -> ChildProcess {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path]
        if let path = getenv("LD_LIBRARY_PATH") { environment["LD_LIBRARY_PATH"] = String(cString: path) }
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        return try ChildProcess.spawn(
            SpawnRequest(
                executable: program, arguments: ["--config", configuration, command],
                environment: environment, folder: folder.path, descriptors: [null, null, errors]))
    }
}
