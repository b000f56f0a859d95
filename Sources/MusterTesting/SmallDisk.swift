import Glibc
import MusterRuntime

/// A disk of a few megabytes that a test fills: a file system in memory, mounted on a folder.
///
/// Only root can mount. Tests that need one are skipped where `isPossible` is false.
public final class SmallDisk: Sendable {
    /// Whether this process can mount disks.
    public static let isPossible: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        return (try? SmallDisk(kibibytes: 64, at: folder.path)) != nil
    }()

    /// What a skipped test says.
    public static let obstacle = "only root can mount a disk of its own"

    /// Where it is mounted.
    public let path: String

    /// Mounts an empty disk on the folder at `path`, which is made if it is not there.
    public init(kibibytes: Int, at path: String) throws {
        self.path = path
        try Folder.make(path)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k,mode=0755") == 0 else {
            throw SystemError(errno, "mount a disk on \(path)")
        }
    }

    /// Takes the disk away, also from those that use it.
    deinit { umount2(path, CInt(MNT_DETACH)) }

    private var ballast: String { path + "/ballast" }

    /// Fills the disk up to its last byte.
    public func fill() throws {
        let file = try OwnedDescriptor.open(ballast, O_WRONLY | O_CREAT | O_APPEND)
        for size in [65_536, 4_096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file.number, bytes, size) == size {}
        }
        guard errno == ENOSPC else { throw SystemError(errno, "fill \(path)") }
    }

    /// Makes room again: all of what filled it, or so many bytes.
    public func makeRoom(_ bytes: Int? = nil) throws {
        var status = stat()
        guard stat(ballast, &status) == 0 else { throw SystemError(errno, "look at \(ballast)") }
        guard truncate(ballast, bytes.map { max(0, status.st_size - $0) } ?? 0) == 0 else {
            throw SystemError(errno, "shorten \(ballast)")
        }
    }

    /// Lets nobody write to it any more; fails while somebody does.
    public func makeReadOnly() throws {
        let flags = UInt(MS_REMOUNT | MS_RDONLY)
        guard mount("tmpfs", path, "tmpfs", flags, nil) == 0 else {
            throw SystemError(errno, "make \(path) read-only")
        }
    }
}
