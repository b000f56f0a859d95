import Glibc
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension MusterFleet {
    /// Lets the service die at a step, and checks that it was that step that it died at.
    ///
    /// - Parameters:
    ///   - words: the command that is to die.
    ///   - provoke: what brings the service there. Its calls may fail: the service dies over them.
    func die(at place: KillPlace, words: [String] = ["serve"], _ provoke: KillScenario.Step) async throws {
        unlink(faultFile)
        try await start(fault: place, words: words)
        var failure = "nothing failed"
        do { try await provoke(self) } catch { failure = "\(error)" }
        try await waitUntil("the death at \(place.name) (\(failure))") { self.exitStatus != nil }
        #expect(exitStatus == .signal(SIGKILL))
        #expect(deathNotice == [place.point.rawValue], "it did not die at its fault point")
    }

    /// Lets the service recover, or die at a step while it does.
    func recoverOrDie(at place: KillPlace, _ recover: KillScenario.Step) async throws {
        try await start(fault: place)
        do {
            try await recover(self)
        } catch {
            // The connection is lost a moment before the process is known to have ended.
            try? await waitUntil("the death at \(place.name)", within: .seconds(5)) { self.exitStatus != nil }
            guard exitStatus == .signal(SIGKILL) else { throw error }
        }
        await stop()
    }

    /// Starts the service and kills it so much later, whether it serves by then or not.
    func startToBeKilled(after delay: Duration) async throws {
        try spawn()
        try await SystemClock().sleep(for: delay)
        await stop(SIGKILL)
    }

    /// The steps at which the service has died since it was last started.
    private var deathNotice: [String] {
        let bytes = (try? TextFile.read(faultFile, limit: 4_096)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What the database says, whether a service has it or not.
    ///
    /// Opened beside the store, so that nothing is done that a start does.
    func database<Result>(_ body: (RawDatabase) async throws -> Result) async throws -> Result {
        try await body(try shared.map { .server($0.url) } ?? RawDatabase(path: setup.databaseFile))
    }

    /// The file that `gated` work waits for.
    var gate: String { folder.path + "/gate" }

    /// Work that takes until the gate is opened.
    var gated: String { "while [ ! -e '\(gate)' ]; do sleep 0.05; done" }

    /// Lets gated work end.
    func openGate() throws { try DurableFile.write([], to: gate, mode: 0o644) }

    /// The worker programs of this fleet that run.
    func workerProcesses() throws -> [WorkerProcess] {
        let processes = try Self.processes(below: folder.path)
        return try processes.compactMap { pid in
            // What a worker runs has its variables too, and one of its own besides, but not from the start.
            guard let status = try ProcessStatus.read(pid), !processes.contains(status.parent),
                let environment = try ProcessTable.environment(of: pid),
                environment["MUSTER_TASK_ID"] == nil,
                let id = environment["MUSTER_WORKER_ID"], let folder = environment["MUSTER_WORKER_FOLDER"]
            else { return nil }
            return WorkerProcess(pid: pid, id: id, folder: folder)
        }
    }
}

/// A worker program that runs.
struct WorkerProcess {
    let pid: Int32
    let id: String
    let folder: String
}
