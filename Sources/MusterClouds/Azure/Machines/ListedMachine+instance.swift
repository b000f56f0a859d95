import MusterCore

extension ListedMachine {
    /// The machine as the engine knows it.
    ///
    /// One that was halted, or that failed, is pending: it does nothing, and is neither counted as running nor
    /// taken for one that is on its way out, so that it is ended like any other.
    func instance(power: String? = nil) -> Instance {
        let state: Instance.State =
            switch provisioning {
            case .creating: .pending
            case .deleting: .stopping
            case .failed: power == "running" ? .running : .pending
            case .updating, .succeeded: isHalted(power) ? .pending : .running
            }
        return Instance(
            id: name, launchID: LaunchID(rawValue: tag(AzureTags.launch) ?? ""),
            group: WorkerGroup(rawValue: location), workerID: WorkerID(rawValue: name), state: state,
            startedAt: createdAt, detail: power.map { "power state \($0)" }, offering: offering)
    }

    /// What is wrong with it; nil where nothing is.
    ///
    /// A halted one is never started again: Azure does that to spot machines whose eviction policy is Deallocate,
    /// and anybody may do it by hand. The engine ends what is impaired, and its disk with it.
    func notice(power: String?) -> InstanceNotice? {
        switch provisioning {
        case .creating, .deleting: return nil
        case .failed:
            guard power != "running" else { return nil }
            return InstanceNotice(instanceID: name, kind: .impaired, detail: "it could not be made")
        case .updating, .succeeded:
            guard isHalted(power), let power else { return nil }
            let why = isSpot ? "Azure has evicted it, or it was halted" : "it was halted"
            return InstanceNotice(instanceID: name, kind: .impaired, detail: "\(why): power state \(power)")
        }
    }

    private func isHalted(_ power: String?) -> Bool {
        ["deallocated", "deallocating", "stopped", "stopping", "hibernated"].contains(power ?? "")
    }
}
