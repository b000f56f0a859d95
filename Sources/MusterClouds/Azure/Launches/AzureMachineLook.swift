import MusterCore
import MusterHTTP
import MusterRuntime

/// A look at one machine of a launch.
struct AzureMachineLook: Sendable {
    let name: WorkerID
    let call: AzureCall
    let plannedAt: Timestamp
    let inventory: AzureInventory
    let round: AzureRound
    let finder: AzureFinder

    private var api: AzureAPI { finder.api }
    private var entry: AzureMemory.Entry { finder.memory.entry(name, of: call.launch) }

    private func change(_ body: (inout AzureMemory.Entry) -> Void) {
        finder.memory.change(name, of: call.launch, body)
    }

    func find() async -> Finding {
        let key = name.rawValue.lowercased()
        if inventory.strangers.contains(key) {
            return .refused(
                CloudError(
                    .invalidConfig, cloudCode: "NameTaken",
                    message: "there is a machine \(name) without the tag of this deployment"))
        }
        guard let machine = inventory.machines[key] else { return await absent() }
        switch machine.provisioning {
        case .failed: return await failed(machine)
        case .deleting:
            return entry.failure.map { settled($0, isClear: false) } ?? .instance(machine.instance())
        // It may still turn out that there is no room: it counts as an instance when that is known.
        case .creating:
            let age = machine.createdAt.map { api.clock.now() - $0 } ?? .zero
            return age < CloudPolicy.azureAllocationTime ? .underWay : .instance(machine.instance())
        case .updating, .succeeded: return .instance(machine.instance())
        }
    }

    /// One that failed is settled once it and its parts are gone; one that runs all the same is an instance.
    private func failed(_ machine: ListedMachine) async -> Finding {
        if entry.failure == nil {
            let body: AzureErrorBody?
            switch await finder.failures.condition(of: machine, within: round) {
            case .running: return .instance(machine.instance(.running))
            case .unknown: return .underWay
            case .halted: body = nil
            case .absent(let found): body = found
            }
            await fail(with: body)
        }
        await delete(machine.name)
        return entry.failure.map { settled($0, isClear: false) } ?? .underWay
    }

    /// There is none in the list.
    private func absent() async -> Finding {
        let entry = entry
        if let failure = entry.failure { return settled(failure, isClear: await clear(after: .failure)) }
        if let refusal = entry.refusal { return settled(refusal, isClear: await clear(after: .refusal)) }
        switch await operation()?.status {
        case .failed(let body)?:
            await fail(with: body)
            return self.entry.failure.map { settled($0, isClear: false) } ?? .underWay
        case .underWay?: return .underWay
        case .succeeded?, nil: break
        }
        // What was asked for a moment ago may not be listed yet.
        let age = entry.sentAt.map { api.clock.uptime() - $0 } ?? (api.clock.now() - plannedAt)
        guard age >= CloudPolicy.azureLookUpDelay else { return .underWay }
        let isClear = await clear(after: .silence)
        if let contest = entry.contest { return settled(contest, isClear: isClear) }
        return isClear || hasWaitedLongEnough() ? .missing(entry.loss) : .underWay
    }

    /// Remembers why it failed: by its instance view, else by the operation that was to make it.
    private func fail(with body: AzureErrorBody?) async {
        var found = body
        if found == nil { found = await operation()?.error }
        let body =
            found ?? AzureErrorBody(code: "ProvisioningFailed", message: "the machine could not be made")
        let subject = AzureErrorTable.Subject(offering: call.offering, scopes: call.scopes)
        let error = AzureErrorTable.error(body, status: 0, of: subject)
        change { $0.failure = error }
    }

    /// How the asynchronous operation stands; nil where there is none, or it cannot be asked.
    private func operation() async -> AzureOperation? {
        guard let url = entry.operation, let time = try? round.time() else { return nil }
        var request = AzureRequest(kind: .operation, method: .get, url: url)
        request.deadline = time
        return (try? await api.answer(request)).flatMap(AzureOperation.init)
    }

    private func delete(_ machine: String) async {
        let now = api.clock.uptime()
        if let asked = entry.deletionAskedAt, now - asked < CloudPolicy.azureDeletionInterval { return }
        change { $0.deletionAskedAt = now }
        do throws(CloudError) {
            try await api.delete(machine: machine, in: call.location, within: round)
        } catch {
            finder.parts.log.warning(
                "a machine that failed cannot be removed yet",
                ["instance": machine, "launch": call.launch.rawValue, "error": error.description])
        }
    }
}
