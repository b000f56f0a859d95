import Glibc
public import MusterCore
import MusterRuntime

/// The right to open an embedded database, which one process at a time has.
///
/// A lock on a file beside the database: the kernel takes it back when the process dies, however it dies.
/// The descriptor is close-on-exec, so that workers started by the holder do not inherit it.
public final class StoreHolder: Sendable {
    private let lock: FileLock

    /// Takes the lock of the database at `path`.
    ///
    /// - Throws: `Problem` `store-held` that names the process that has it.
    public init(databasePath path: String) throws(Problem) {
        let lockPath = path + ".lock"
        let taken: FileLock?
        do throws(SystemError) {
            taken = try FileLock.take(lockPath)
        } catch {
            throw Problem(
                .storeFailed, "\(error); the folder of the database must be writable for this user")
        }
        guard let lock = taken else {
            throw Problem(.storeHeld, "the database \(path) is held by \(Self.holder(of: lockPath))")
        }
        self.lock = lock
        let file = lock.descriptor.number
        ftruncate(file, 0)
        let text = "process \(getpid())\n"
        _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
    }

    private static func holder(of path: String) -> String {
        let bytes = (try? TextFile.read(path, limit: 64)) ?? []
        let text = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }
        return text.isEmpty ? "another process" : String(text)
    }
}
