import CLinux
import Glibc
public import MusterCore

/// The right to open an embedded database, which one process at a time has.
///
/// A lock on a file beside the database: the kernel takes it back when the process dies, however it dies.
/// The descriptor is close-on-exec, so that workers started by the holder do not inherit it.
public final class StoreHolder: Sendable {
    private let descriptor: Int32

    /// Takes the lock of the database at `path`.
    ///
    /// - Throws: `Problem` `store-held` that names the process that has it.
    public init(databasePath path: String) throws(Problem) {
        let lockPath = path + ".lock"
        let opened = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw Problem(
                .storeFailed,
                "cannot open \(lockPath): \(String(cString: strerror(errno))); the folder of the database must "
                    + "be writable for this user")
        }
        // From here on `deinit` closes it, also when this throws.
        descriptor = opened
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Problem(.storeHeld, "the database \(path) is held by \(Self.holder(of: descriptor))")
        }
        ftruncate(descriptor, 0)
        let text = "process \(getpid())\n"
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    deinit {
        // A child that is just being started may still share the descriptor: the lock goes all the same.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).prefix { $0 != "\n" }
        return text.isEmpty ? "another process" : String(text)
    }
}
