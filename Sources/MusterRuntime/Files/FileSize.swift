import Glibc
public import MusterCore

/// How large a file is.
public enum FileSize {
    /// The bytes of the file at `path`.
    ///
    /// - Throws: `Problem` `file-failed`.
    public static func of(_ path: String) throws(Problem) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .file("look at", path, errno) }
        return Int64(status.st_size)
    }
}
