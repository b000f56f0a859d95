import Glibc

/// Finds programs the way a shell does.
public enum ExecutablePath {
    /// Where `name` is: itself when it has a slash (seen from `folder` when it is relative), else the first
    /// executable file of that name in the folders of `path`; nil when there is none.
    public static func find(_ name: String, path: String, folder: String = "/") -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) {
            let full = name.hasPrefix("/") ? name : folder + "/" + name
            return isExecutable(full) ? full : nil
        }
        guard !name.isEmpty else { return nil }
        return path.split(separator: ":").map { "\($0)/\(name)" }.first {
            $0.hasPrefix("/") && isExecutable($0)
        }
    }

    /// Whether this process could run the file.
    public static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
