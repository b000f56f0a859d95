import Glibc

/// What `/proc` says of all processes.
public enum ProcessTable {
    /// The ids of all processes that can be seen.
    public static func processes() throws(SystemError) -> [Int32] {
        guard let folder = opendir("/proc") else { throw SystemError(errno, "open /proc") }
        defer { closedir(folder) }
        var found: [Int32] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                if errno != 0 { throw SystemError(errno, "list /proc") }
                return found
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let pid = Int32(name) { found.append(pid) }
        }
    }

    /// The environment that a process was started with; nil when the process is gone, or is another user's.
    public static func environment(of pid: Int32) throws(SystemError) -> [String: String]? {
        let bytes: [UInt8]?
        do {
            bytes = try contents(of: "/proc/\(pid)/environ")
        } catch {
            if error.number == EACCES || error.number == EPERM { return nil }
            throw error
        }
        guard let bytes else { return nil }
        var environment: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: entry[..<equals], as: UTF8.self)
            // As getenv has it: the first of two equal names.
            if environment[name] == nil {
                environment[name] = String(decoding: entry[(equals + 1)...], as: UTF8.self)
            }
        }
        return environment
    }

    /// A name for the time from the machine's start to its end.
    public static func bootID() throws(SystemError) -> String {
        let path = "/proc/sys/kernel/random/boot_id"
        guard let bytes = try contents(of: path) else { throw SystemError(ENOENT, "read \(path)") }
        return String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
    }

    /// A small file of `/proc`; nil when what it is about does not exist (any more).
    static func contents(of path: String) throws(SystemError) -> [UInt8]? {
        do {
            return try OwnedDescriptor.open(path, O_RDONLY).readAll(limit: 4 << 20)
        } catch {
            if error.number == ENOENT || error.number == ESRCH { return nil }
            throw error
        }
    }
}
