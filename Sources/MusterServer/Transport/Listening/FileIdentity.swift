import Glibc

/// Which file a path leads to at the moment.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt
    private let mode: UInt32

    /// Looks at `path` without following a link; nil when nothing is there.
    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        mode = status.st_mode
    }

    /// Whether it is a socket.
    var isSocket: Bool { mode & S_IFMT == S_IFSOCK }

    /// Who may do what with it.
    var permissions: UInt32 { mode & 0o7777 }
}
