import Glibc

/// What an engine said of who it is, and through which socket.
struct KnownEngine: Hashable, Sendable {
    /// A socket's file; another one of the same path may lead to another engine.
    struct Socket: Hashable, Sendable {
        private let device: UInt64
        private let inode: UInt64
        private let seconds: Int
        private let nanoseconds: Int

        /// Looks at the file; nil when there is none.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            // A file system gives a number again soon after its file is gone.
            seconds = status.st_ctim.tv_sec
            nanoseconds = status.st_ctim.tv_nsec
        }
    }

    /// The part of the answer to `GET /info` that is read here.
    struct Answer: Decodable {
        let id: String?

        private enum CodingKeys: String, CodingKey {
            case id = "ID"
        }
    }

    let socket: Socket
    /// Nil for one that has none that stays.
    let id: String?
}
