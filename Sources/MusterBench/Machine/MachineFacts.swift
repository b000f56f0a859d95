import CSQLite
import Glibc
import MusterRuntime

/// What figures depend on besides the program.
struct MachineFacts: Codable, Hashable, Sendable {
    /// Processors that may be used.
    var cores: Int
    /// The processor's name.
    var cpu: String
    var memoryBytes: Int64
    var kernel: String
    /// The oldest compiler that would say of itself what this program's did.
    var swift: String
    /// `release` or `debug`.
    var build: String
    /// The version of SQLite that is linked.
    var sqlite: String
    /// The version of the PostgreSQL server; nil when none was wanted.
    var postgres: String?
    /// The kind of file system that the databases are on.
    var fileSystem: String

    /// Looks at the machine.
    ///
    /// - Parameters:
    ///   - folder: where the databases are made.
    ///   - postgres: the version of the PostgreSQL server, if there was one.
    static func read(scratch folder: String, postgres: String?) -> MachineFacts {
        MachineFacts(
            cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            cpu: cpu(in: text("/proc/cpuinfo")) ?? "an unknown processor",
            memoryBytes: Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))),
            kernel: "Linux " + text("/proc/sys/kernel/osrelease").filter { !$0.isNewline },
            swift: Build.compiler, build: Build.isOptimised ? "release" : "debug",
            sqlite: String(cString: sqlite3_libversion()), postgres: postgres,
            fileSystem: fileSystem(of: folder, in: text("/proc/self/mounts")) ?? "an unknown file system")
    }

    /// The processor's name in the text of `/proc/cpuinfo`.
    static func cpu(in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":", maxSplits: 1).last.map { $0.trimmed }
    }

    /// The kind of file system that an absolute path is on, in the text of `/proc/mounts`: that of the longest
    /// mount point above it, and of equal ones the last, which hides the others.
    static func fileSystem(of path: String, in mounts: String) -> String? {
        var found: (point: Substring, kind: Substring)?
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 3 else { continue }
            let point = fields[1]
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            if isAbove, point.count >= found?.point.count ?? 0 { found = (point, fields[2]) }
        }
        return found.map { String($0.kind) }
    }

    private static func text(_ path: String) -> String {
        let bytes = (try? TextFile.read(path, limit: 4 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
