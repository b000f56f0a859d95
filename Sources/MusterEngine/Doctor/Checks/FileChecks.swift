import Glibc
import MusterCore
import MusterRuntime

extension DoctorCheck {
    /// Whether the disk of the state folder has room.
    static let disk = DoctorCheck("disk") { patient in
        guard let files = patient.files else { return .ok("no state folder is in use") }
        var facts = statvfs()
        guard statvfs(files.folder, &facts) == 0 else {
            throw Problem(
                .fileFailed, "cannot look at \(files.folder): \(String(cString: strerror(errno)))")
        }
        let block = UInt64(facts.f_frsize)
        return judge(
            free: UInt64(facts.f_bavail) * block,
            database: try files.database.map { UInt64(max(0, try FileSize.of($0))) }, in: files.folder)
    }

    /// - Parameters:
    ///   - free: bytes that are left for whom Muster runs as.
    ///   - database: bytes of the database; nil when it is elsewhere.
    static func judge(free: UInt64, database: UInt64?, in folder: String) -> Judgement {
        let size = database.map { ", the database has \($0 >> 20) MiB" } ?? ""
        let text = "\(free >> 20) MiB are free for \(folder)\(size)"
        if free < DoctorPolicy.leastFree {
            return .failed(
                "the disk is nearly full: \(text)",
                do: "make room; until then launches and tasks may be refused, and none is lost")
        }
        if free < DoctorPolicy.littleFree {
            return .warning("the disk has little room: \(text)", do: "make room, or shorten retention")
        }
        return .ok(text)
    }

    /// Whether nobody else can read or change what must be Muster's alone.
    static let permissions = DoctorCheck("permissions") { patient in
        guard let files = patient.files else { return .ok("no state folder is in use") }
        var found: [(path: String, fault: String, mend: String)] = []
        func look(_ path: String?, refused: mode_t, mend: String) {
            guard let path else { return }
            var status = stat()
            guard lstat(path, &status) == 0 else { return }
            if status.st_uid != geteuid() {
                found.append((path, "is another user's", "chown \(geteuid()) \(path)"))
            } else if status.st_mode & refused != 0 {
                let others =
                    status.st_mode & refused & 0o022 == 0
                    ? "can be read by others" : "can be changed by others"
                found.append((path, others, "\(mend) \(path)"))
            }
        }
        look(files.folder, refused: 0o022, mend: "chmod go-w")
        look(files.database, refused: 0o077, mend: "chmod 600")
        look(files.masterKey, refused: 0o077, mend: "chmod 600")
        look(files.socket, refused: 0o077, mend: "chmod 600")
        guard found.isEmpty else {
            return .failed(
                "others can reach what should be Muster's alone",
                do: found.map(\.mend).joined(separator: "; "), found.map { "\($0.path) \($0.fault)" })
        }
        return .ok("nobody else can read or change the state")
    }
}
