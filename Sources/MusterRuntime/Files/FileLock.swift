import CLinux
import Glibc

/// The right to a file, which one holder at a time has; it ends with this object, or with its process.
public final class FileLock: Sendable {
    /// The locked file, open for reading and writing.
    public let descriptor: OwnedDescriptor

    private init(_ descriptor: OwnedDescriptor) { self.descriptor = descriptor }

    deinit { release() }

    /// Gives the right up. A child that is just being started may still share the descriptor: it goes all the
    /// same.
    public func release() { flock(descriptor.number, LOCK_UN) }

    /// Locks the file at `path`, made with mode 0600 when there is none; nil while somebody else has it.
    ///
    /// - Parameter flags: further ones to open it with.
    /// - Throws: `SystemError` with the file's path.
    public static func take(_ path: String, flags: Int32 = 0) throws(SystemError) -> FileLock? {
        let descriptor = try OwnedDescriptor.open(path, O_RDWR | O_CREAT | flags)
        if flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 { return FileLock(descriptor) }
        if errno == EWOULDBLOCK { return nil }
        throw SystemError(errno, "lock \(path)")
    }
}
