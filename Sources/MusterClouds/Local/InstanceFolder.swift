import CLinux
import Glibc
import MusterCore
import MusterRuntime

/// The folder of one instance.
///
///     NAME/               Muster's own: a worker that runs as another user cannot change what is in it
///         instance.json   the record
///         worker.log      what the worker writes to its output
///         work/           the worker's: where it works unless its launch config says otherwise
///             token       its proof for registering, until it has done so
struct InstanceFolder: Sendable {
    /// The folder of all instances, and the name of this one.
    let base: String
    let name: WorkerID

    var path: String { "\(base)/\(name)" }
    var record: String { "\(path)/instance.json" }
    var log: String { "\(path)/worker.log" }
    var work: String { "\(path)/work" }
    var token: String { "\(work)/token" }

    /// Whether something with this name can stand in the folder of an instance that has no record.
    static func isMadeBeforeRecord(_ entry: String) -> Bool {
        entry == "work" || entry == "worker.log" || entry.hasPrefix("instance.json.new")
    }

    /// The record; nil when there is none, so that nothing has ever run here.
    ///
    /// - Throws: `SystemError`, `EBADMSG` when what stands there is no record.
    func readRecord() throws(SystemError) -> InstanceRecord? {
        let bytes: [UInt8]
        do {
            bytes = try OwnedDescriptor.open(record, O_RDONLY).readAll(limit: 1 << 20)
        } catch {
            if error.number == ENOENT { return nil }
            throw error
        }
        guard let found = InstanceRecord(bytes: bytes), found.name == name else {
            throw SystemError(EBADMSG, "understand \(record)")
        }
        return found
    }

    /// Writes the record so that it is whole or absent whatever happens, and outlasts a power failure.
    ///
    /// Of two that write at once, as several services on one machine do, the later one wins.
    func write(_ found: InstanceRecord) throws(SystemError) {
        guard let bytes = try? found.bytes() else { throw SystemError(EINVAL, "write \(record)") }
        let new = "\(record).new.\(String(UInt64.random(in: 0...(.max)), radix: 36))"
        let file = try OwnedDescriptor.open(new, O_WRONLY | O_CREAT | O_EXCL)
        do throws(SystemError) {
            try file.writeAll(bytes)
            guard fsync(file.number) == 0 else { throw SystemError(errno, "sync \(new)") }
            guard rename(new, record) == 0 else { throw SystemError(errno, "rename \(new)") }
        } catch {
            unlink(new)
            throw error
        }
        for folder in [path, base] {
            let opened = try OwnedDescriptor.open(folder, O_RDONLY | O_DIRECTORY)
            guard fsync(opened.number) == 0 else { throw SystemError(errno, "sync \(folder)") }
        }
    }

    /// Makes the folder anew, away with what an attempt that never ran may have left, and puts the token in.
    ///
    /// What the worker's user owns is handed over last, so that nothing of that user's can be in the way.
    func prepare(token secret: Secret<String>, owner: SystemUser?) throws(SystemError) {
        try remove()
        try make(path, owner == nil ? 0o700 : 0o711)
        try make(work, 0o700)
        let file = try OwnedDescriptor.open(token, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        try file.writeAll(secret.reveal().utf8)
        guard let owner else { return }
        guard fchown(file.number, owner.id, owner.group) == 0 else {
            throw SystemError(errno, "give away \(token)")
        }
        guard lchown(work, owner.id, owner.group) == 0 else { throw SystemError(errno, "give away \(work)") }
    }

    /// Removes the folder with all that is in it, if it is there.
    func remove() throws(SystemError) {
        let parent = try OwnedDescriptor.open(base, O_RDONLY | O_DIRECTORY)
        try FolderRemoval.remove(name.rawValue, from: parent)
    }

    private func make(_ folder: String, _ mode: mode_t) throws(SystemError) {
        guard mkdir(folder, 0o700) == 0, chmod(folder, mode) == 0 else {
            throw SystemError(errno, "make \(folder)")
        }
    }
}
