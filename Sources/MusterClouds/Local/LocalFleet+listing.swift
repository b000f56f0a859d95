import Glibc
import MusterCore
import MusterRuntime

extension LocalFleet {
    /// Every instance that has a record, and those that run without one.
    ///
    /// - Throws: when anything could not be seen.
    func list() throws(SystemError) -> [Instance] {
        try makeFolder()
        var instances: [Instance] = []
        var expired: [WorkerID] = []
        let names = try names()
        for name in names {
            guard let record = try record(name) else { continue }
            instances.append(try observe(record))
            if let end = record.end, end.isSwept, end.at + configuration.retention < clock.now() {
                expired.append(name)
            }
        }
        instances += try unrecorded(beside: instances)
        putAway(expired, outOf: names)
        return instances
    }

    /// The instances of one launch.
    func instances(of launch: LaunchID) throws(SystemError) -> [Instance] {
        try list().filter { $0.launchID == launch }
    }

    /// The names under which there are folders.
    func names() throws(SystemError) -> [WorkerID] {
        try OwnedDescriptor.open(configuration.folder, O_RDONLY | O_DIRECTORY).entries().sorted()
            .filter(WorkerID.accepts).map(WorkerID.init(rawValue:))
    }

    /// The instance of a record as it is now. Its end is noted if that was missed, and watched for if it is
    /// still to come.
    func observe(_ record: InstanceRecord) throws(SystemError) -> Instance {
        if let end = record.end, end.isSwept { return instance(gone: record, end.detail) }
        if record.end == nil, try process(record) != nil {
            try watch(record)
            return record.instance(terminations[record.name] == nil ? .running : .stopping)
        }
        let detail: String
        if case .child(let child) = watched[record.name] {
            // Ended a moment ago, so that its exit code is still on its way.
            guard let status = child.exitStatus else { return instance(gone: record, "ended") }
            detail = status.description
        } else {
            let isSameBoot = try record.bootID == ProcessTable.bootID()
            detail = isSameBoot ? Self.unwatchedEnd : "ended when the machine was started again"
        }
        let noted = try noteEnd(record, detail: detail)
        return instance(gone: noted, noted.end?.detail ?? detail)
    }

    private func instance(gone record: InstanceRecord, _ detail: String) -> Instance {
        record.instance(.gone, detail: "\(detail); its output is in \(folder(record.name).log)")
    }

    /// What carries this fleet's tag and has no record. There should be none; but what runs must be seen, so that
    /// it can be ended.
    private func unrecorded(beside recorded: [Instance]) throws(SystemError) -> [Instance] {
        let known = Set(recorded.map(\.workerID))
        return try InstanceProcesses.tags(fleet: configuration.fleet).filter { !known.contains($0.name) }
            .sorted { ($0.name, $0.launch) < ($1.name, $1.launch) }
            .map { tag in
                Instance(
                    id: tag.name.rawValue, launchID: tag.launch, group: LocalProvider.group,
                    workerID: tag.name,
                    state: terminations[tag.name] == nil ? .running : .stopping,
                    detail: "runs without a record")
            }
    }
}
