import Glibc
import MusterCore

/// The file that a database was opened from.
///
/// A file that somebody has moved or removed can be written on without an error, and all of it would be lost
/// with the process.
struct DatabaseFile: Sendable {
    private let path: String
    private let device: dev_t
    private let number: ino_t

    /// Remembers which file is at `path`.
    init(_ path: String) throws(Problem) {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.problem(path) }
        (device, number) = (status.st_dev, status.st_ino)
    }

    /// Makes sure that it is still where it was.
    ///
    /// - Throws: `Problem` `store-failed`.
    func requireInPlace() throws(Problem) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_dev == device, status.st_ino == number else {
            throw Self.problem(path)
        }
    }

    private static func problem(_ path: String) -> Problem {
        Problem(
            .storeFailed,
            "the database \(path) was moved or removed while Muster works: put it back, or stop Muster and restore "
                + "a backup")
    }
}
