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
        let failure: SystemError? = path.withCString { name in
            do throws(SystemError) {
                try remove(name, in: AT_FDCWD)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    // Names are passed on as the bytes they are: they need not be UTF-8.
    private static func remove(_ name: UnsafePointer<CChar>, in parent: Int32) throws(SystemError) {
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure(name) }
        try empty(name, in: parent)
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT else { throw failure(name) }
    }

    private static func empty(_ name: UnsafePointer<CChar>, in parent: Int32) throws(SystemError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(parent, name, flags)
        if descriptor < 0, errno == EACCES, fchmodat(parent, name, 0o700, 0) == 0 {
            descriptor = openat(parent, name, flags)
        }
        guard descriptor >= 0 else { throw failure(name) }
        fchmod(descriptor, 0o700)
        guard let stream = fdopendir(descriptor) else {
            let error = failure(name)
            close(descriptor)
            throw error
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let child = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            if strcmp(child, ".") == 0 || strcmp(child, "..") == 0 { continue }
            try remove(child, in: descriptor)
        }
    }

    private static func failure(_ name: UnsafePointer<CChar>) -> SystemError {
        SystemError(errno, "remove \(String(cString: name))")
    }
}
