public import Glibc
public import MusterCore

/// Files that are there wholly or not at all, whatever dies when.
public enum DurableFile {
    /// Puts `bytes` at `path` in one step: readers see the old content or the new, and once this returns,
    /// the new one survives a power cut.
    ///
    /// Two that write at once do not mix: the later one wins. A symbolic link at `path` is replaced, not
    /// followed. A death midway may leave a file `.NAME.PID-N.tmp` beside it, which nobody reads.
    /// - Parameter mode: the permissions, whatever the umask.
    /// - Throws: `Problem` `file-failed`; the old content is then still there.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(Problem) {
        let (folder, name) = split(path)
        let temporary = try create(beside: path, "\(folder)/.\(name)")
        do throws(Problem) {
            try fill(temporary.descriptor, with: bytes, mode: mode, path)
            guard rename(temporary.path, path) == 0 else { throw .file("replace", path, errno) }
        } catch {
            unlink(temporary.path)
            throw error
        }
        try Folder.synchronize(folder)
    }

    /// Makes a new file; a name that another process or a dead one uses is passed over.
    private static func create(
        beside path: String, _ stem: String
    ) throws(Problem) -> (path: String, descriptor: CInt) {
        for number in 0..<RuntimePolicy.temporaryNames {
            let temporary = "\(stem).\(getpid())-\(number).tmp"
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 { return (temporary, descriptor) }
            guard errno == EEXIST else { break }
        }
        throw .file("make a file beside", path, errno)
    }

    /// Writes, synchronizes and closes; the file has no name that anybody reads yet.
    private static func fill(
        _ descriptor: CInt, with bytes: [UInt8], mode: mode_t, _ path: String
    ) throws(Problem) {
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw .file("set the permissions of", path, errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno != EINTR { throw .file("write", path, errno) }
            written += max(count, 0)
        }
        guard fsync(descriptor) == 0 else { throw .file("synchronize", path, errno) }
    }

    private static func split(_ path: String) -> (folder: String, name: Substring) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
        let name = path[path.index(after: slash)...]
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }
}
