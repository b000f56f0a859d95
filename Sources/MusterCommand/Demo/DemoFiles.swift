import FoundationEssentials
import Glibc
import MusterCore

/// Real files for the demo's tasks to work on: the Swift toolchain's own, or else the system's libraries.
enum DemoFiles {
    /// Files between 1 and 12 MiB, in the order of their names; at most `limit`.
    ///
    /// - Throws: `Problem` `unavailable` when the machine has hardly any.
    static func find(limit: Int, path: String) throws(Problem) -> [String] {
        var found: [String] = []
        for folder in folders(path) where found.count < limit {
            found += files(below: folder, depth: 5, limit: limit - found.count)
        }
        guard found.count >= 4 else {
            throw Problem(
                .unavailable, "the demo found no files to work on beside the toolchain or in /usr/lib")
        }
        return found
    }

    /// The toolchain's libraries beside the `swift` of PATH, and the system's.
    private static func folders(_ path: String) -> [String] {
        let toolchains = path.split(separator: ":").compactMap { folder -> String? in
            guard let real = realpath("\(folder)/swift", nil) else { return nil }
            defer { free(real) }
            let parts = String(cString: real).split(separator: "/").dropLast(2)
            return "/" + parts.joined(separator: "/") + "/lib"
        }
        return toolchains + ["/usr/lib", "/usr/bin"]
    }

    private static func files(below folder: String, depth: Int, limit: Int) -> [String] {
        var found: [String] = []
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where found.count < limit {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR where depth > 0:
                found += files(below: path, depth: depth - 1, limit: limit - found.count)
            case S_IFREG where (1 << 20...12 << 20).contains(status.st_size) && access(path, R_OK) == 0:
                found.append(path)
            default: continue
            }
        }
        return found
    }
}
