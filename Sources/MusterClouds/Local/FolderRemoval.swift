import CLinux
import Glibc
import MusterRuntime

/// Removes folders that somebody else may have filled.
///
/// No path is ever gone through twice and no symbolic link is followed, so that whoever owns the folder cannot
/// turn the removal on something else. Nor does depth matter: each round moves what is nested one level up.
enum FolderRemoval {
    /// Removes `name` and all it holds from the open folder `parent`; succeeds when it is not there.
    static func remove(_ name: String, from parent: OwnedDescriptor) throws(SystemError) {
        let name = Array(name.utf8CString)
        guard try !removeEntry(name, from: parent) else { return }
        let top = try open(name, in: parent)
        var moved = 0
        for _ in 0..<CloudPolicy.localRemovalRounds {
            let entries = try top.rawEntries()
            if entries.isEmpty {
                guard try removeEntry(name, from: parent) else { continue }
                return
            }
            for entry in entries where try !removeEntry(entry, from: top) {
                try lift(entry, in: top, &moved)
            }
        }
        throw SystemError(EBUSY, "empty a folder that is filled again all the time")
    }

    /// Empties the folder `name` into `top`, and removes it.
    private static func lift(_ name: [CChar], in top: OwnedDescriptor, _ moved: inout Int) throws(SystemError)
    {
        let folder = try open(name, in: top)
        for entry in try folder.rawEntries() where try !removeEntry(entry, from: folder) {
            // A folder that is moved must be writable, for its entry `..`.
            _ = try open(entry, in: folder)
            var isMoved = false
            while !isMoved {
                moved += 1
                isMoved = renameat(folder.number, entry, top.number, "\(moved).moved") == 0
                if !isMoved, ![EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) {
                    throw SystemError(errno, "move a folder")
                }
            }
        }
        _ = try removeEntry(name, from: top)
    }

    /// Removes a file or an empty folder; false when it is a folder with something in it.
    private static func removeEntry(_ name: [CChar], from folder: OwnedDescriptor) throws(SystemError) -> Bool
    {
        if unlinkat(folder.number, name, 0) == 0 || errno == ENOENT { return true }
        guard errno == EISDIR || errno == EPERM else { throw SystemError(errno, "remove a file") }
        if unlinkat(folder.number, name, AT_REMOVEDIR) == 0 || errno == ENOENT { return true }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw SystemError(errno, "remove a folder") }
        return false
    }

    /// Opens a folder within a folder, made writable so that it can be emptied.
    private static func open(_ name: [CChar], in folder: OwnedDescriptor) throws(SystemError)
        -> OwnedDescriptor
    {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var number = openat(folder.number, name, flags)
        if number < 0, errno == EACCES {
            fchmodat(folder.number, name, 0o700, 0)
            number = openat(folder.number, name, flags)
        }
        guard number >= 0 else { throw SystemError(errno, "open a folder") }
        let opened = OwnedDescriptor(number)
        fchmod(number, 0o700)
        return opened
    }
}
