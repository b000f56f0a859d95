import Glibc
import MusterCore
import MusterRuntime

/// The file of a listening unix socket, ours for as long as this value's lock is held.
///
/// A lock on `<path>.lock` decides who may listen: it dies with its process, so a socket file without a
/// holder is stale and is replaced, and two processes that start at once cannot remove each other's. The
/// lock file stays for good, because removing it would let two processes lock two files of one name.
struct UnixSocketFile: Sendable {
    private let path: String
    private let lock: FileLock
    private let identity: FileIdentity

    /// Listens at `path` with mode 0600; `.conflict` when another process does already.
    static func open(_ path: String) throws(Problem) -> (descriptor: Int32, file: UnixSocketFile) {
        let address = try UnixSocketAddress(path)
        let lock = try takeLock(path)
        try removeStale(path, address)
        let (descriptor, identity) = try bindAndListen(path, address)
        return (descriptor, UnixSocketFile(path: path, lock: lock, identity: identity))
    }

    /// Removes the file, unless somebody has put another in its place, and lets go of the lock.
    func remove() {
        if FileIdentity(path) == identity { unlink(path) }
        lock.release()
    }

    private static func takeLock(_ path: String) throws(Problem) -> FileLock {
        do throws(SystemError) {
            if let lock = try FileLock.take(path + ".lock", flags: O_NOFOLLOW) { return lock }
        } catch {
            throw .system("Cannot lock \(path).lock", number: error.number)
        }
        throw inUse(path)
    }

    /// Removes the socket of a dead process. A live one that holds no lock belongs to another program.
    private static func removeStale(_ path: String, _ address: UnixSocketAddress) throws(Problem) {
        guard let found = FileIdentity(path) else { return }
        guard found.isSocket else {
            throw Problem(.conflict, "\(path) exists and is not a socket; remove it or choose another path.")
        }
        let probe = try makeSocket(path)
        defer { close(probe) }
        let result = address.withPointer { connect(probe, $0, $1) }
        guard result != 0, errno == ECONNREFUSED else { throw inUse(path) }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .system("Cannot replace the stale socket \(path)")
        }
    }

    /// Nobody can connect before `listen`, and by then the mode has been seen to be right.
    private static func bindAndListen(
        _ path: String, _ address: UnixSocketAddress
    ) throws(Problem) -> (descriptor: Int32, identity: FileIdentity) {
        let descriptor = try makeSocket(path)
        do throws(Problem) {
            // Linux gives the file the mode of the socket; the umask can only take away from it.
            guard fchmod(descriptor, 0o600) == 0, address.withPointer({ bind(descriptor, $0, $1) }) == 0
            else { throw .system("Cannot make the socket \(path)") }
            guard let identity = FileIdentity(path), identity.isSocket, identity.permissions == 0o600 else {
                throw Problem(.unavailable, "The socket \(path) did not get the mode 0600.")
            }
            guard listen(descriptor, HTTPPolicy.backlog) == 0 else {
                throw .system("Cannot listen on \(path)")
            }
            return (descriptor, identity)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func makeSocket(_ path: String) throws(Problem) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw .system("Cannot make a socket for \(path)") }
        return descriptor
    }

    private static func inUse(_ path: String) -> Problem {
        Problem(.conflict, "Another process is listening on \(path).")
    }
}
