import MusterCore
import MusterHTTP
import MusterRuntime

/// Looks up what came of launches, and removes what is left of machines that failed.
struct AzureFinder: Sendable {
    let api: AzureAPI
    let inventory: SharedReading<AzureInventory>
    let memory: AzureMemory
    let parts: AzureParts

    /// What is known of one machine of a launch.
    private enum Finding {
        case instance(Instance)
        case refused(CloudError)
        /// It failed, and something of it is still there. Told all the same: one that waits for its end no longer
        /// must know why there is no machine.
        case failing(CloudError)
        /// Nothing is known yet.
        case underWay
        /// There is none, and nobody has said why.
        case missing
    }

    func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        guard let call = AzureCall(text: launch.body), call.launch == launch.id else {
            throw CloudError(
                .invalidConfig, cloudCode: "stored-call",
                message: "the stored call is not one of this launch's")
        }
        let look = try await inventory.recent()
        var finding = LaunchFinding(instances: [])
        var refusals: [CloudError: Int] = [:]
        for answer in await findings(call, plannedAt: launch.plannedAt, in: look) {
            switch try answer.get() {
            case .instance(let instance): finding.instances.append(instance)
            case .failing(let error):
                refusals[error, default: 0] += 1
                finding.isUnderWay = true
            case .refused(let error): refusals[error, default: 0] += 1
            case .underWay: finding.isUnderWay = true
            case .missing: break
            }
        }
        finding.refusals = refusals.sorted { ($0.value, $0.key.cloudCode) > ($1.value, $1.key.cloudCode) }
            .map { LaunchRefusal(count: $0.value, error: $0.key) }
        return finding
    }

    /// All of a launch at once: those that failed cost calls.
    private func findings(
        _ call: AzureCall, plannedAt: Timestamp, in look: AzureInventory
    ) async -> [Result<Finding, CloudError>] {
        await withTaskGroup(of: Result<Finding, CloudError>.self) { group in
            for name in call.names {
                group.addTask {
                    do throws(CloudError) {
                        return .success(try await find(name, of: call, plannedAt: plannedAt, in: look))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func find(
        _ name: WorkerID, of call: AzureCall, plannedAt: Timestamp, in look: AzureInventory
    ) async throws(CloudError) -> Finding {
        let entry = memory.entry(name, of: call.launch)
        let key = name.rawValue.lowercased()
        if look.strangers.contains(key) {
            return .refused(
                CloudError(
                    .invalidConfig, cloudCode: "NameTaken",
                    message: "there is a machine \(name) without the tag of this deployment"))
        }
        guard let machine = look.machines[key] else {
            return try await absent(name, entry, of: call, plannedAt: plannedAt)
        }
        switch machine.provisioning {
        case .failed: return try await failed(machine, name, entry, of: call)
        case .deleting: return entry.failure.map { .failing($0) } ?? .instance(machine.instance())
        // It may still turn out that there is no room: it counts as an instance when that is known.
        case .creating:
            let age = machine.createdAt.map { api.clock.now() - $0 } ?? .zero
            return age < CloudPolicy.azureAllocationTime ? .underWay : .instance(machine.instance())
        case .updating, .succeeded: return .instance(machine.instance())
        }
    }

    /// One that failed is settled once it and its parts are gone; one that runs all the same is an instance.
    private func failed(
        _ machine: ListedMachine, _ name: WorkerID, _ entry: AzureMemory.Entry, of call: AzureCall
    ) async throws(CloudError) -> Finding {
        let error: CloudError
        if let known = entry.failure {
            error = known
        } else {
            let view = try await view(machine, in: call.location)
            if view.power == "running" { return .instance(machine.instance(power: view.power)) }
            var body = view.failure
            if body == nil { body = try await operation(entry)?.error }
            let found = Self.failure(body, of: call)
            error = found
            memory.change(name, of: call.launch) { $0.failure = found }
        }
        try await delete(machine.name, name, entry, of: call)
        return .failing(error)
    }

    private func view(_ machine: ListedMachine, in location: String) async throws(CloudError) -> InstanceView
    {
        let response = try await api.success(
            AzureRequest(
                kind: .get, method: .get, url: api.paths.machine(machine.name, suffix: "/instanceView"),
                location: location))
        return try api.read(InstanceView.self, response)
    }

    private func absent(
        _ name: WorkerID, _ entry: AzureMemory.Entry, of call: AzureCall, plannedAt: Timestamp
    ) async throws(CloudError) -> Finding {
        if let refusal = entry.refusal { return .refused(refusal) }
        if let failure = entry.failure {
            let isClean = try await parts.remove(of: name, dataDisks: call.dataDisks, in: call.location)
            return isClean ? .refused(failure) : .failing(failure)
        }
        if entry.operation != nil {
            switch try await operation(entry)?.status {
            case .failed(let body)?:
                let error = Self.failure(body, of: call)
                memory.change(name, of: call.launch) { $0.failure = error }
                return .failing(error)
            case .underWay?: return .underWay
            case .succeeded?, nil: break
            }
        }
        // What was asked for a moment ago may not be listed yet.
        let isYoung = api.clock.now() - plannedAt < CloudPolicy.azureLookUpDelay
        return isYoung ? .underWay : .missing
    }

    /// How an asynchronous operation stands; nil where it cannot be asked for any more.
    private func operation(_ entry: AzureMemory.Entry) async throws(CloudError) -> AzureOperation? {
        guard let url = entry.operation else { return nil }
        let response: HTTPResponse
        do throws(Problem) {
            response = try await api.answer(AzureRequest(kind: .operation, method: .get, url: url))
        } catch {
            throw AzureErrorTable.error(error)
        }
        return AzureOperation(response)
    }

    private func delete(
        _ machine: String, _ name: WorkerID, _ entry: AzureMemory.Entry, of call: AzureCall
    ) async throws(CloudError) {
        let now = api.clock.uptime()
        if let asked = entry.deletionAskedAt, now - asked < CloudPolicy.azureDeletionInterval { return }
        try await api.delete(machine: machine, in: call.location)
        memory.change(name, of: call.launch) { $0.deletionAskedAt = now }
    }

    private static func failure(_ body: AzureErrorBody?, of call: AzureCall) -> CloudError {
        let body =
            body ?? AzureErrorBody(code: "ProvisioningFailed", message: "the machine could not be made")
        return AzureErrorTable.error(
            body, status: 0, of: AzureErrorTable.Subject(offering: call.offering, scopes: call.scopes))
    }
}
