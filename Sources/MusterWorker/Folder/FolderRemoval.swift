import Glibc
import MusterRuntime

/// Removes folders with all they hold.
///
/// Never follows a symbolic link, and is not stopped by folders that a task left without write permission.
enum FolderRemoval {
    /// Removes what stands at `path`, a file too; nothing there is no error.
    ///
    /// - Throws: `SystemError` of the first entry that stays; some may be gone then.
    static func remove(_ path: String) throws(SystemError) {
        try remove(Array(path.utf8CString), in: AT_FDCWD)
    }

    // Names are passed on as the bytes they are: they need not be UTF-8.
    private static func remove(_ name: [CChar], in parent: Int32) throws(SystemError) {
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure(name) }
        try empty(name, in: parent)
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT else { throw failure(name) }
    }

    private static func empty(_ name: [CChar], in parent: Int32) throws(SystemError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var number = openat(parent, name, flags)
        if number < 0, errno == EACCES, fchmodat(parent, name, 0o700, 0) == 0 {
            number = openat(parent, name, flags)
        }
        guard number >= 0 else { throw failure(name) }
        let folder = OwnedDescriptor(number)
        fchmod(folder.number, 0o700)
        for entry in try folder.rawEntries() { try remove(entry, in: folder.number) }
    }

    private static func failure(_ name: [CChar]) -> SystemError {
        let number = errno
        let text = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return SystemError(number, "remove \(text)")
    }
}
