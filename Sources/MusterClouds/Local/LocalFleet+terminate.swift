import Glibc
import MusterCore
import MusterRuntime

extension LocalFleet {
    /// Asks instances to end, and sees to it that they do; gives the errors by instance.
    func terminate(_ names: [String]) -> [String: CloudError] {
        var errors: [String: CloudError] = [:]
        for text in names where WorkerID.accepts(text) {
            do throws(SystemError) {
                try terminate(WorkerID(rawValue: text))
            } catch {
                errors[text] = CloudError(error)
            }
        }
        return errors
    }

    private func terminate(_ name: WorkerID) throws(SystemError) {
        let record = try record(name)
        if let record, try process(record) == nil { return }
        switch terminations[name] {
        case .asked: return
        case .killed: try kill(name)
        case nil:
            // Another process may have asked, and died or come to its end before the time was over.
            let left = (record?.askedToEndAt).map { $0 + configuration.terminationGrace - clock.now() }
            if let left, left <= .zero {
                terminations[name] = .killed
                return try kill(name)
            }
            guard try ask(name, record) else { return }
            try noteAsking(record)
            terminations[name] = .asked(
                Task { [weak self, clock, grace = configuration.terminationGrace] in
                    do { try await clock.sleep(for: min(left ?? grace, grace)) } catch { return }
                    await self?.killOverdue(name)
                })
        }
    }

    private func noteAsking(_ record: InstanceRecord?) throws(SystemError) {
        guard var record, record.askedToEndAt == nil else { return }
        record.askedToEndAt = clock.now()
        try folder(record.name).write(record)
    }

    /// Sends the signal that asks; false when there is nobody to ask.
    private func ask(_ name: WorkerID, _ record: InstanceRecord?) throws(SystemError) -> Bool {
        guard let record else {
            let tagged = InstanceProcesses(fleet: configuration.fleet, name: name)
            guard try InstanceProcesses.tags(fleet: configuration.fleet).contains(where: { $0.name == name })
            else { return false }
            if try tagged.signal(SIGTERM) { throw SystemError(EPERM, "end \(name)") }
            return true
        }
        // Only the worker itself: how its tasks end is its business until the bound.
        guard let handle = try ProcessHandle.open(record.pid, startedAt: record.startTime) else {
            return false
        }
        switch handle.signal(SIGTERM) {
        case .delivered: break
        case .gone: return false
        case .refused: throw SystemError(EPERM, "end \(name)")
        }
        try watch(record)
        return true
    }

    private func killOverdue(_ name: WorkerID) {
        guard !isStopped, case .asked = terminations[name] else { return }
        terminations[name] = .killed
        log.warning("local instance did not end when asked to: killing it", ["instance": name.rawValue])
        do throws(SystemError) {
            try kill(name)
        } catch {
            // A repeated termination kills again.
            log.error("cannot kill", ["instance": name.rawValue, "error": error.description])
        }
    }

    private func kill(_ name: WorkerID) throws(SystemError) {
        let found =
            if let record = try record(name) {
                try processes(of: record)
            } else {
                InstanceProcesses(fleet: configuration.fleet, name: name)
            }
        if try found.signal(SIGKILL) { throw SystemError(EPERM, "kill \(name)") }
        // Nobody watches what has no record.
        if found.leader == nil {
            terminations[name] = nil
            changes.send()
        }
    }
}
