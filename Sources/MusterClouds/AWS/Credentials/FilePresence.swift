import Glibc

/// Whether files are there.
enum FilePresence {
    /// Whether there is something at the path, readable or not: what is there and cannot be read is a fault.
    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
