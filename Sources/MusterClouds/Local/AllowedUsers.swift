import Glibc
import MusterCore

/// Whom local instances may run as.
struct AllowedUsers: Sendable {
    /// The names.
    var names: Set<String>
    /// Whether this process could become another user at all.
    var isRoot = geteuid() == 0

    /// Why `user` may not be used; nil when it may.
    func problem(with user: String) -> String? {
        guard names.contains(user) else {
            return
                "\(JSONText.quoted(String(user.prefix(80)))) is not one of the users that this provider allows"
        }
        return isRoot ? nil : "needs a Muster that runs as root"
    }
}

/// An entry of the user database.
struct SystemUser: Hashable, Sendable {
    var id: UInt32
    var group: UInt32
    var home: String

    /// The user of this name; nil when there is none.
    static func named(_ name: String) -> SystemUser? {
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 65_536)
        var found: UnsafeMutablePointer<passwd>?
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return SystemUser(id: entry.pw_uid, group: entry.pw_gid, home: String(cString: entry.pw_dir))
    }
}
