import Glibc
import MusterCore
import MusterRuntime

/// A process that works on a database beside others, as the one that started it sees it. It ends with that one.
struct RunningReplica {
    private let child: ChildProcess
    private let leash: OwnedDescriptor

    /// Starts one.
    init(on place: PostgresSchemaPlace, ledger: String, _ surroundings: Surroundings) throws {
        // The reading end is the child's alone when this returns.
        let pipe = try OwnedDescriptor.pipe()
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        var environment = ["PATH": "/usr/bin:/bin", "HOME": surroundings.folder]
        if let path = getenv("LD_LIBRARY_PATH") { environment["LD_LIBRARY_PATH"] = String(cString: path) }
        child = try ChildProcess.spawn(
            SpawnRequest(
                executable: surroundings.ownProgram,
                arguments: [ReplicaProcess.word, place.address, ledger, "\(surroundings.seed)"],
                environment: environment, folder: surroundings.folder,
                descriptors: [pipe.reading, null, OwnedDescriptor(dup(2))]))
        leash = pipe.writing
    }

    /// Makes sure that it still works.
    func check() throws {
        if let status = child.exitStatus {
            throw Problem(.unavailable, "a process of the benchmark ended with \(status)")
        }
    }

    /// Ends it as an operator does: what it held, others may have at once.
    func stop() async throws {
        try leash.writeAll([0])
        let status = await child.wait()
        guard status.isSuccess else {
            throw Problem(.unavailable, "a process of the benchmark ended with \(status)")
        }
    }
}
