import Glibc
import MusterCore

/// Which file the configuration is read from.
enum ConfigurationFile {
    /// The file that `--config` names, else `MUSTER_CONFIG`, else `muster.yaml` in `folder`, else
    /// `/etc/muster/muster.yaml`, the latter two only if they exist; nil when there is none.
    static func find(option: String?, environment: [String: String], folder: String) -> String? {
        if let option { return absolute(option, in: folder) }
        if let variable = environment["MUSTER_CONFIG"], !variable.isEmpty {
            return absolute(variable, in: folder)
        }
        return [folder + "/muster.yaml", "/etc/muster/muster.yaml"].first { access($0, F_OK) == 0 }
    }

    /// `path` as seen from `folder`, without `.` and empty parts. Parts `..` stay: what they mean depends on
    /// links.
    static func absolute(_ path: String, in folder: String) -> String {
        let joined = path.hasPrefix("/") ? path : folder + "/" + path
        return "/" + joined.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// The folder that `file` is in.
    static func folder(of file: String) -> String {
        let parts = file.split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/")
    }
}
