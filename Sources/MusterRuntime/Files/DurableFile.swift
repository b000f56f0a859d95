import Glibc
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
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(Problem) {
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

    /// Puts a file at `path` in one step that `body` writes under another name first, one beside it.
    ///
    /// For what is too large for memory, or is written by somebody else's hand. What dies midway leaves a
    /// file as `write` does.
    /// - Parameters:
    ///   - mode: the permissions, whatever the umask.
    ///   - replacing: whether a file that is at `path` by then is replaced.
    ///   - body: gets the path of an empty file; what it throws leaves `path` as it was.
    /// - Throws: what `body` threw, or `Problem` `file-failed`, `conflict`.
    public static func make<Result>(
        at path: String, mode: UInt32, replacing: Bool,
        _ body: (_ temporary: String) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let (folder, name) = split(path)
        let temporary = try create(beside: path, "\(folder)/.\(name)")
        let result: Result
        do throws(Problem) {
            defer { close(temporary.descriptor) }
            result = try body(temporary.path)
            guard fchmod(temporary.descriptor, mode) == 0 else {
                throw .file("set the permissions of", path, errno)
            }
            guard fsync(temporary.descriptor) == 0 else { throw .file("synchronize", path, errno) }
            try place(temporary.path, at: path, replacing: replacing)
        } catch {
            unlink(temporary.path)
            throw error
        }
        try Folder.synchronize(folder)
        return result
    }

    /// Gives a finished file its name.
    private static func place(_ temporary: String, at path: String, replacing: Bool) throws(Problem) {
        if !replacing {
            // A second name is refused when somebody has it, which a renaming is not.
            if link(temporary, path) == 0 {
                unlink(temporary)
                return
            }
            // Some file systems know no second names: there a look must do.
            guard errno != EEXIST, access(path, F_OK) != 0 else {
                throw Problem(.conflict, "\(path) is there already")
            }
        }
        guard rename(temporary, path) == 0 else { throw .file("replace", path, errno) }
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
        _ descriptor: CInt, with bytes: [UInt8], mode: UInt32, _ path: String
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
