import Glibc
import MusterCore
import MusterRuntime

/// The file that a backup shall become.
struct SQLiteBackupTarget {
    /// Where it shall be.
    let path: String
    /// The database that is copied.
    let database: String

    /// What every database file begins with.
    private static let header = Array("SQLite format 3\0".utf8)

    /// Makes sure that nothing of value is replaced: no file unless that is wanted, then a backup only, and
    /// never a database that is in use.
    ///
    /// - Throws: `Problem` `conflict`.
    func check(replacing: Bool) throws(Problem) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            // Whatever else is the matter with the path shows when the file is made.
            return
        }
        guard replacing else {
            throw Problem(
                .conflict, "\(path) is there already: name another file, or replace it with --force")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Problem(.conflict, "\(path) is no file: name another one")
        }
        for own in ["", "-wal", "-shm"].map({ database + $0 }) {
            var mine = stat()
            if stat(own, &mine) == 0, mine.st_dev == status.st_dev, mine.st_ino == status.st_ino {
                throw Problem(.conflict, "\(path) is the database itself: name another file")
            }
        }
        guard try isBackup(status.st_size) else {
            throw Problem(.conflict, "\(path) is no backup, so that it is not replaced: name another file")
        }
        // A database in use has its journal beside it; a backup never has.
        guard access(path + "-wal", F_OK) != 0 else {
            throw Problem(.conflict, "\(path) is a database in use, or was not closed: name another file")
        }
    }

    /// Whether it looks like one; an empty file is as good, since nothing is lost with it.
    private func isBackup(_ size: off_t) throws(Problem) -> Bool {
        if size == 0 { return true }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw Problem(.fileFailed, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.header.count)
        return read(descriptor, &bytes, bytes.count) == bytes.count && bytes == Self.header
    }
}
