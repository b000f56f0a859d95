import Glibc
public import MusterCore

/// Folders.
public enum Folder {
    /// Makes the folder at `path` and the ones above it, as far as they are missing.
    ///
    /// - Parameter mode: the permissions of the last one if it is made; the ones above get the usual. A
    ///   folder that is there already keeps its own.
    /// - Throws: `Problem` `file-failed`, also when something else than a folder stands there.
    public static func make(_ path: String, mode: UInt32 = 0o777) throws(Problem) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        let names = path.split(separator: "/")
        for (index, name) in names.enumerated() {
            let parent = prefix.isEmpty ? "." : prefix
            prefix += (prefix.isEmpty || prefix == "/" ? "" : "/") + name
            if try isFolder(prefix) { continue }
            // Another process may make it meanwhile, and that is as good.
            guard mkdir(prefix, index == names.count - 1 ? mode : 0o777) == 0 || errno == EEXIST else {
                throw .file("make the folder", prefix, errno)
            }
            try synchronize(parent)
        }
    }

    /// Whether a folder is at `path`; false when nothing is.
    private static func isFolder(_ path: String) throws(Problem) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw .file("look at", path, errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .file("make the folder", path, ENOTDIR) }
        return true
    }

    /// Waits until the folder's list of names is on the disk.
    static func synchronize(_ path: String) throws(Problem) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file("open", path, errno) }
        defer { close(descriptor) }
        // Some file systems cannot synchronize a folder and say so; there is no more that one could do.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .file("synchronize", path, errno) }
    }
}
