import Dispatch
import Glibc
import MusterCore
import MusterRuntime

extension LocalFleet {
    private static let queue = DispatchQueue(label: "muster.local.removal")
    private static let putAwaySuffix = ".removed"

    /// Puts away the folders of instances that have been gone for long, and of those that never ran.
    ///
    /// Renaming takes a folder out of sight at once; removing what is in it may take long and happens elsewhere.
    /// If Muster ends in between, the next time goes on.
    func putAway(_ expired: [WorkerID], outOf names: [WorkerID]) {
        guard !isPuttingAway, !isStopped else { return }
        do throws(SystemError) {
            let base = try OwnedDescriptor.open(configuration.folder, O_RDONLY | O_DIRECTORY)
            var away = try base.entries().filter { $0.hasSuffix(Self.putAwaySuffix) }
            var old = expired
            for name in names where try isUnused(name) { old.append(name) }
            guard !away.isEmpty || !old.isEmpty, let claim = try claimFolder() else { return }
            defer { withExtendedLifetime(claim) {} }
            for name in old.prefix(CloudPolicy.localFoldersPutAwayAtOnce) {
                let target = name.rawValue + Self.putAwaySuffix
                guard renameat(base.number, name.rawValue, base.number, target) == 0 else { continue }
                away.append(target)
            }
            guard !away.isEmpty else { return }
            FaultPoint.reach(.folderPutAway)
            isPuttingAway = true
            remove(away, from: base)
        } catch {
            log.warning("cannot put old folders away", ["error": error.description])
        }
    }

    private func remove(_ names: [String], from base: OwnedDescriptor) {
        Self.queue.async { [log] in
            for name in names {
                do throws(SystemError) {
                    try FolderRemoval.remove(name, from: base)
                } catch {
                    log.warning("cannot remove an old folder", ["folder": name, "error": error.description])
                }
            }
            Task { await self.putAwayEnded() }
        }
    }

    private func putAwayEnded() { isPuttingAway = false }

    /// Whether a folder is one of a start that never came to run and is as old as those that are put away.
    ///
    /// Only what looks in every respect like Muster's own is ever removed.
    private func isUnused(_ name: WorkerID) throws(SystemError) -> Bool {
        var status = stat()
        guard lstat(folder(name).path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        let changed = Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000)
        guard changed + configuration.retention < clock.now() else { return false }
        return try OwnedDescriptor.open(folder(name).path, O_RDONLY | O_DIRECTORY).entries()
            .allSatisfy(InstanceFolder.isMadeBeforeRecord)
    }
}
