import Glibc
import MusterCore
import MusterRuntime

/// The instances of one fleet: their folders, their processes, and what was asked of them.
///
/// The folders and the process table are the truth; what is kept here is only who watches what. One thing at a
/// time happens here, on a queue of its own.
actor LocalFleet {
    /// How far the termination of an instance is.
    enum Termination {
        /// It was asked to end; the task kills it after the bound.
        case asked(Task<Void, Never>)
        /// It was killed, and need only be seen to be gone.
        case killed
    }

    /// How the end of an instance will be noticed.
    enum Watch {
        /// It is this process's child.
        case child(ChildProcess)
        /// It is not, or no longer; the handle has to be kept.
        case other(ProcessHandle)
    }

    nonisolated let executor = QueueExecutor(label: "muster.local")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let configuration: LocalProviderConfiguration
    let users: AllowedUsers
    let clock: any WallClock
    let log: Log
    let changes: ChangeSignal
    /// The instances whose end will be noticed.
    var watched: [WorkerID: Watch] = [:]
    var terminations: [WorkerID: Termination] = [:]
    var isPuttingAway = false
    private(set) var isStopped = false

    init(
        _ configuration: LocalProviderConfiguration, users: AllowedUsers, clock: any WallClock, log: Log,
        changes: ChangeSignal
    ) {
        self.configuration = configuration
        self.users = users
        self.clock = clock
        self.log = log
        self.changes = changes
    }

    func folder(_ name: WorkerID) -> InstanceFolder { InstanceFolder(base: configuration.folder, name: name) }

    /// The record of an instance of this fleet; nil when it has none.
    func record(_ name: WorkerID) throws(SystemError) -> InstanceRecord? {
        guard let record = try folder(name).readRecord(), record.fleet == configuration.fleet else {
            return nil
        }
        return record
    }

    /// The process of a record; nil when it has ended, or when its id is another's by now.
    func process(_ record: InstanceRecord) throws(SystemError) -> ProcessStatus? {
        guard try record.bootID == ProcessTable.bootID(), let status = try ProcessStatus.read(record.pid),
            status.startTime == record.startTime, !status.hasEnded
        else { return nil }
        return status
    }

    /// Makes the folder of all folders, and holds the only right to start or put away instances in it; nil
    /// when another process has that right.
    func claimFolder() throws(SystemError) -> FileLock? {
        try makeFolder()
        return try FileLock.take(configuration.folder + "/.lock")
    }

    /// Makes the folder of all folders and those above it.
    func makeFolder() throws(SystemError) {
        var path = ""
        for part in configuration.folder.split(separator: "/") {
            path += "/" + part
            // Others may pass through: workers that run as another user have their own folders below.
            guard mkdir(path, 0o711) == 0 || errno == EEXIST else { throw SystemError(errno, "make \(path)") }
        }
    }

    /// Lets go of everything; instances go on running, and nothing is noticed any more.
    func stop() {
        isStopped = true
        for case .asked(let task) in terminations.values { task.cancel() }
        terminations = [:]
        watched = [:]
        changes.finish()
    }
}
