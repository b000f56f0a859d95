import Glibc
import MusterCore
import MusterRuntime

/// Where a worker keeps its tasks' folders and outputs.
///
///     <folder>/lock                      held while the worker runs
///     <folder>/work-limit                overrides the work limit, when it is there
///     <folder>/tasks/<taskId>-<runId>/   a run's working folder, gone when it has ended
///     <folder>/tasks/<taskId>-<runId>.log
final class WorkFolder: Sendable {
    private let tasks: String
    private let lock: FileLock
    private let outputs: OutputRetention

    /// The names that belong to one run.
    struct Place: Hashable, Sendable {
        let folder: String
        let output: String
    }

    private init(tasks: String, lock: FileLock, outputs: OutputRetention) {
        self.tasks = tasks
        self.lock = lock
        self.outputs = outputs
    }

    /// Makes the folder or takes it over, with what a worker that died left in it removed.
    ///
    /// - Throws: `Problem` `conflict` when another worker runs in it, else what the system said.
    static func open(_ path: String) throws(Problem) -> WorkFolder {
        let tasks = path + "/tasks"
        try Folder.make(path, mode: 0o700)
        try Folder.make(tasks, mode: 0o700)
        do throws(SystemError) {
            if let lock = try FileLock.take(path + "/lock") {
                return WorkFolder(tasks: tasks, lock: lock, outputs: OutputRetention(try takeOver(tasks)))
            }
        } catch {
            throw error.problem
        }
        throw Problem(.conflict, "another worker runs in \(path); give each a folder of its own")
    }

    /// Where a run's files are.
    func place(of run: RunReference) -> Place {
        let folder = "\(tasks)/\(run.taskID)-\(run.runID)"
        return Place(folder: folder, output: folder + OutputRetention.suffix)
    }

    /// Makes sure that a run would find room: the folder is there, made again if somebody removed it, and a file
    /// in it can be made and written. Why not, otherwise.
    func obstacle() async -> String? {
        await BlockingWork.run { [tasks] in
            let probe = tasks + "/.probe"
            defer { unlink(probe) }
            do {
                try Folder.make(tasks, mode: 0o700)
                try OwnedDescriptor.open(probe, O_WRONLY | O_CREAT | O_TRUNC)
                    .writeAll([UInt8](repeating: 0, count: WorkerPolicy.probeBytes))
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    /// Makes a run's folder, empty, and its output file.
    func prepare(_ place: Place) async throws(SystemError) -> OwnedDescriptor {
        try await BlockingWork.run { () -> Result<OwnedDescriptor, SystemError> in
            Result { () throws(SystemError) in
                try FolderRemoval.remove(place.folder)
                try Self.make(place.folder)
                return try OwnedDescriptor.open(place.output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND)
            }
        }.get()
    }

    /// Removes a run's folder; its output stays until many newer ones are there.
    func leave(_ place: Place) async throws(SystemError) {
        try await BlockingWork.run { [outputs] in
            outputs.add(place.output)
            return Result { () throws(SystemError) in try FolderRemoval.remove(place.folder) }
        }.get()
    }

    private static func make(_ path: String) throws(SystemError) {
        guard mkdir(path, 0o700) == 0 else { throw SystemError(errno, "make the folder \(path)") }
    }

    /// Removes the folders of runs that a dead worker had; gives the outputs, oldest first.
    private static func takeOver(_ tasks: String) throws(SystemError) -> [String] {
        var outputs: [(path: String, written: Int)] = []
        for name in try OwnedDescriptor.open(tasks, O_RDONLY | O_DIRECTORY).entries() {
            let path = tasks + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            if name.hasSuffix(OutputRetention.suffix), status.st_mode & S_IFMT == S_IFREG {
                outputs.append((path, status.st_mtim.tv_sec))
            } else if status.st_mode & S_IFMT == S_IFDIR {
                try FolderRemoval.remove(path)
            }
        }
        return outputs.sorted { ($0.written, $0.path) < ($1.written, $1.path) }.map(\.path)
    }
}
