import FoundationEssentials
import Glibc
import MusterRuntime

/// The server's programs of this machine, and the user as whom they run: it refuses to be run by root.
public struct PostgresPrograms: Sendable {
    /// Nothing of it is here.
    struct Missing: Error, CustomStringConvertible {
        var description: String { "no PostgreSQL server is installed: apt-get install postgresql" }
    }

    private let folder: String
    /// Who runs them; nil for whoever runs the tests.
    let user: (id: uid_t, group: gid_t)?

    /// Finds the newest version.
    init() throws {
        let found = Self.folders.first { folder in
            ["initdb", "postgres"].allSatisfy { ExecutablePath.isExecutable("\(folder)/\($0)") }
        }
        guard let found else { throw Missing() }
        folder = found
        user = geteuid() == 0 ? Self.unprivileged : nil
    }

    /// The path of another program that comes with the server, such as `pgbench`; nil when it is not here.
    public static func find(_ program: String) -> String? {
        folders.map { "\($0)/\(program)" }.first { ExecutablePath.isExecutable($0) }
    }

    /// Where there may be some, the newest version first.
    private static var folders: [String] {
        let installed = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: installed)) ?? []
        let folders = versions.compactMap(Int.init).sorted(by: >).map { "\(installed)/\($0)/bin" }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return folders + path.split(separator: ":").map(String.init)
    }

    private static var unprivileged: (uid_t, gid_t)? {
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) { return (entry.pointee.pw_uid, entry.pointee.pw_gid) }
        }
        return nil
    }

    /// The words of a command line that runs one of them.
    func command(_ program: String, _ arguments: [String]) -> [String] {
        let words = ["\(folder)/\(program)"] + arguments
        guard let user else { return words }
        return ["setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--clear-groups", "--"] + words
    }

    /// Starts a shell that does `script` with `words` as `$1`, ...; what it prints goes to a file.
    func shell(
        _ script: String, _ words: [String], in folder: String, log: String, input: OwnedDescriptor
    ) throws -> ChildProcess {
        let output = try OwnedDescriptor.open(log, O_WRONLY | O_CREAT | O_APPEND)
        return try ChildProcess.spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", script, "sh"] + words,
                environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder], folder: folder,
                descriptors: [input, output, output], group: .ownSession))
    }
}
