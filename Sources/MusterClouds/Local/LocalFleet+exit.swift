import Glibc
import MusterCore
import MusterRuntime

extension LocalFleet {
    /// Notices the end of a process that was just started.
    func watch(_ child: ChildProcess, _ record: InstanceRecord) {
        watched[record.name] = .child(child)
        child.onExit { [weak self] status in
            Task { await self?.ended(record, detail: status.description) }
        }
    }

    /// Notices the end of a running process that is not, or no longer, this process's child.
    func watch(_ record: InstanceRecord) throws(SystemError) {
        guard watched[record.name] == nil, !isStopped,
            let handle = try ProcessHandle.open(record.pid, startedAt: record.startTime)
        else { return }
        watched[record.name] = .other(handle)
        try handle.onExit { [weak self] in
            Task { await self?.ended(record, detail: Self.unwatchedEnd) }
        }
    }

    /// What is known of an end that Muster did not see itself.
    static let unwatchedEnd = "ended; nobody knows how, because Muster was started again in between"

    /// Takes note of an instance's end.
    func ended(_ record: InstanceRecord, detail: String) {
        guard !isStopped else { return }
        watched[record.name] = nil
        if case .asked(let task) = terminations.removeValue(forKey: record.name) { task.cancel() }
        do throws(SystemError) {
            // Its folder may have been put away, or its end may have been noted by a listing.
            guard let current = try self.record(record.name), current.end?.isSwept != true else { return }
            try noteEnd(current, detail: detail)
        } catch {
            log.warning(
                "cannot note the end of an instance; the next listing tries again",
                ["instance": record.name.rawValue, "error": error.description])
            changes.send()
        }
    }

    /// Kills what the instance has left behind and writes its end down; gives the record as it is then.
    ///
    /// In this order, so that a crash in between leaves an end that is not noted and is swept again.
    @discardableResult
    func noteEnd(_ record: InstanceRecord, detail: String) throws(SystemError) -> InstanceRecord {
        var record = record
        var isSwept = true
        do throws(SystemError) {
            try processes(of: record).signal(SIGKILL)
        } catch {
            isSwept = false
            log.warning(
                "cannot kill what an instance has left behind; the next listing tries again",
                ["instance": record.name.rawValue, "error": error.description])
        }
        FaultPoint.reach(.instanceSwept)
        record.end = InstanceRecord.End(
            at: record.end?.at ?? clock.now(), detail: record.end?.detail ?? detail, isSwept: isSwept)
        try folder(record.name).write(record)
        log.info("local instance ended", ["instance": record.name.rawValue, "how": detail])
        // Also when a listing found it: whoever asked for that need not be who waits for changes.
        changes.send()
        return record
    }

    /// The processes of a recorded instance.
    func processes(of record: InstanceRecord) throws(SystemError) -> InstanceProcesses {
        InstanceProcesses(
            fleet: record.fleet, name: record.name,
            leader: try record.bootID == ProcessTable.bootID() ? record : nil)
    }
}
