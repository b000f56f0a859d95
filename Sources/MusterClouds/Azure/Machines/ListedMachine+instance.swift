import MusterCore

extension ListedMachine {
    /// The machine as the engine knows it.
    ///
    /// One that was halted, or that failed, is pending: it does nothing, and is neither counted as running nor
    /// taken for one that is on its way out, so that it is ended like any other.
    ///
    /// - Parameters:
    ///   - condition: what it does, of one that failed.
    ///   - power: what Resource Graph says.
    func instance(_ condition: FailedMachines.Condition = .unknown, power: String? = nil) -> Instance {
        let state: Instance.State =
            switch provisioning {
            case .creating: .pending
            case .deleting: .stopping
            case .failed: condition == .running ? .running : .pending
            case .updating, .succeeded: AzurePower.isHalted(power) ? .pending : .running
            }
        return Instance(
            id: name, launchID: LaunchID(rawValue: tag(AzureTags.launch) ?? ""),
            group: WorkerGroup(rawValue: location), workerID: WorkerID(rawValue: name), state: state,
            startedAt: createdAt, detail: power.map { "power state \($0)" }, offering: offering)
    }

    /// What is wrong with it; nil where nothing is, or nobody can tell.
    ///
    /// A halted one is never started again: Azure does that to spot machines whose eviction policy is Deallocate,
    /// and anybody may do it by hand. The engine ends what is impaired, and its disk with it.
    func notice(_ condition: FailedMachines.Condition = .unknown, power: String? = nil) -> InstanceNotice? {
        switch provisioning {
        case .creating, .deleting: return nil
        case .failed:
            switch condition {
            case .running, .unknown: return nil
            case .halted(let power): return halted(power)
            case .absent(let body): return absent(body)
            }
        case .updating, .succeeded: return AzurePower.isHalted(power) ? power.map(halted) : nil
        }
    }

    private func halted(_ power: String) -> InstanceNotice {
        let why = isSpot ? "Azure has evicted it, or it was halted" : "it was halted"
        return InstanceNotice(instanceID: name, kind: .impaired, detail: "\(why): power state \(power)")
    }

    /// It counted as an instance while it was being made: why it could not be is a refusal of its launch's.
    private func absent(_ body: AzureErrorBody?) -> InstanceNotice {
        let error = body.map { body in
            let scopes = properties?.hardwareProfile?.vmSize.map { AzureScopes(size: $0, location: location) }
            return AzureErrorTable.error(
                body, status: 0, of: AzureErrorTable.Subject(offering: offering, scopes: scopes))
        }
        let why = body.map { ": \($0.code)" } ?? ""
        return InstanceNotice(
            instanceID: name, kind: .impaired, detail: "it could not be made\(why)", error: error)
    }
}
