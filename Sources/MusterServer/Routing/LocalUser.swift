import Glibc

/// Users of this machine.
enum LocalUser {
    /// A user's name; the number for one without a name.
    static func name(of id: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var texts = [CChar](repeating: 0, count: RoutePolicy.userEntryBytes)
        // The entry points into the texts, which must not move before the name has been read.
        return texts.withUnsafeMutableBufferPointer { texts in
            guard let start = texts.baseAddress, getpwuid_r(id, &entry, start, texts.count, &found) == 0,
                found != nil, let name = entry.pw_name
            else { return String(id) }
            return String(cString: name)
        }
    }
}
