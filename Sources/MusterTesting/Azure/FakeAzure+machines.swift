import MusterCore
import MusterCrypto
import MusterRuntime

extension FakeAzure {
    /// What is asked of machines; `rest` follows the type.
    func machines(_ rest: [String], _ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        guard let written = question.path.split(separator: "/").dropFirst(7).first, !rest.isEmpty else {
            state.counts["LIST machines", default: 0] += 1
            return page(state.machines.values.sorted { $0.name < $1.name }, question, &state, shown: shown)
        }
        let name = String(written)
        let key = name.lowercased()
        if rest.count > 1 {
            state.counts["GET instanceView", default: 0] += 1
            guard let machine = state.machines[key] else { return missing(name) }
            guard !state.settings.unreadable.contains(key) else {
                return .error(500, "InternalExecutionError", "An internal execution error occurred.")
            }
            return AzureAnswer(200, view(machine))
        }
        switch question.method {
        case "GET":
            state.counts["GET machine", default: 0] += 1
            return state.machines[key].map { AzureAnswer(200, shown($0)) } ?? missing(name)
        case "PUT":
            state.counts["PUT machine", default: 0] += 1
            return make(name, question, &state)
        case "DELETE":
            state.counts["DELETE machine", default: 0] += 1
            return delete(key, question, &state)
        default: return .error(405, "MethodNotAllowed", "It cannot be done.")
        }
    }

    private func missing(_ name: String) -> AzureAnswer {
        .error(
            404, "ResourceNotFound", "The Resource 'Microsoft.Compute/virtualMachines/\(name)' was not found."
        )
    }

    private func make(_ name: String, _ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        let key = name.lowercased()
        if let machine = state.machines[key] {
            guard question.headers["if-none-match"] == "*" else {
                // What a repeat without a condition does: whatever is there is written over.
                state.counts["CHANGE machine", default: 0] += 1
                return AzureAnswer(200, shown(machine))
            }
            return .error(412, "PreconditionFailed", "The resource exists.")
        }
        guard let body = try? JSON.document(question.body) else {
            return .error(400, "InvalidRequestContent", "The request content was invalid.")
        }
        if let fault = FakeMachineRules.fault(body) { return .error(400, fault.code, fault.message) }
        let now = clock.uptime()
        var machine = FakeMachine(
            name: name, body: body, state: .creating(until: now + state.settings.creationTime),
            vmID: "vm-\(state.serial + 1)", createdAt: clock.now(), at: now)
        if let refusal = refusal(machine, &state) {
            if chance(state.settings.faults.refusedLeftovers, &state) { leaveInterface(of: machine, &state) }
            return refusal
        }
        state.serial += 1
        if chance(state.settings.faults.failures, &state) {
            let code = machine.zone == nil ? "AllocationFailed" : "ZonalAllocationFailed"
            machine.fate = .failed(
                code: code,
                message: "Allocation failed. We do not have sufficient capacity for the requested VM size.")
            state.dealt.note(.refused, isLaunch: true)
            state.failed[name, default: 0] += 1
        }
        state.made[name, default: 0] += 1
        machine.incarnation = state.made[name] ?? 1
        state.machines[key] = machine
        state.busy.insert(key)
        addParts(of: machine, &state)
        let shownNow = shown(machine)
        return AzureAnswer(201, shownNow, headers: operation(of: name, isDeletion: false, question, &state))
    }

    private func refusal(_ machine: FakeMachine, _ state: inout State) -> AzureAnswer? {
        let size = text(machine.body["properties"]?["hardwareProfile"]?["vmSize"]) ?? ""
        let places = [machine.location, "\(machine.location)/\(machine.zone ?? "-")", size]
        let isByChance = chance(state.settings.faults.refusals, &state)
        if isByChance { state.dealt.note(.refused, isLaunch: true) }
        if isByChance || !state.settings.exhausted.isDisjoint(with: places) {
            return .error(
                409, "SkuNotAvailable",
                "The requested VM size for resource '\(machine.name)' is currently not available in location "
                    + "'\(machine.location)'. Please try another size or deploy to a different location or different zone."
            )
        }
        let isSpot = text(machine.body["properties"]?["priority"]) == "Spot"
        guard state.machines.count >= state.settings.quota else { return nil }
        let name = isSpot ? "LowPriorityCores" : "standardDSv5Family Cores"
        return .error(
            409, "OperationNotAllowed",
            "Operation could not be completed as it results in exceeding approved \(name) quota. Additional details "
                + "- Deployment Model: Resource Manager, Location: \(machine.location), Current Limit: 10, Current Usage: "
                + "10, Additional Required: 2, (Minimum) New Limit Required: 12.")
    }

    private func addParts(of machine: FakeMachine, _ state: inout State) {
        let properties = machine.body["properties"]
        let storage = properties?["storageProfile"]
        for disk in [storage?["osDisk"]].compactMap({ $0 }) + list(storage?["dataDisks"]) {
            addPart(
                "Microsoft.Compute/disks", text(disk["name"]) ?? "", tags: machine.tags, of: machine.name,
                &state)
        }
        for interface in list(properties?["networkProfile"]?["networkInterfaceConfigurations"]) {
            let name = interfaceName(interface, of: machine)
            let id = Self.id(of: name, Self.interfaceType).lowercased()
            addPart(Self.interfaceType, name, tags: tags(interface), of: machine.name, &state)
            for ip in list(interface["properties"]?["ipConfigurations"]) {
                guard let address = ip["properties"]?["publicIPAddressConfiguration"] else { continue }
                addPart(
                    "Microsoft.Network/publicIPAddresses", text(address["name"]) ?? "", tags: tags(address),
                    of: machine.name, interface: id, &state)
            }
        }
    }

    private static let interfaceType = "Microsoft.Network/networkInterfaces"

    private func interfaceName(_ interface: Document, of machine: FakeMachine) -> String {
        (text(interface["name"]) ?? "") + "-" + SHA256.hex(machine.vmID).prefix(8)
    }

    /// What a machine that is refused has got already.
    private func leaveInterface(of machine: FakeMachine, _ state: inout State) {
        for interface in list(
            machine.body["properties"]?["networkProfile"]?["networkInterfaceConfigurations"])
        {
            let name = interfaceName(interface, of: machine)
            addPart(Self.interfaceType, name, tags: tags(interface), of: nil, &state)
        }
    }

    private func tags(_ document: Document) -> [String: String] {
        guard case .object(let members)? = document["tags"]?.value else { return [:] }
        return Dictionary(members.map { ($0.name, text($0.document) ?? "") }) { $1 }
    }

    private func delete(_ name: String, _ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        guard let machine = state.machines[name] else { return AzureAnswer(204) }
        if case .deleting = machine.state { return AzureAnswer(202) }
        if let locked = locked(machine.name, state) { return locked }
        let now = clock.uptime()
        let end = now + state.settings.deletionTime
        state.machines[name]?.become(.deleting(until: end), power: machine.power, at: now)
        state.busy.insert(name)
        return AzureAnswer(202, headers: operation(of: name, isDeletion: true, question, &state))
    }

    /// Begins an asynchronous operation; the headers tell where it is.
    private func operation(
        of name: String, isDeletion: Bool, _ question: AzureQuestion, _ state: inout State
    ) -> [(String, String)] {
        state.serial += 1
        let id = "operation-\(state.serial)"
        let key = name.lowercased()
        state.operations[id] = Operation(machine: key, isDeletion: isDeletion)
        state.operationsOf[key, default: []].append(id)
        let url =
            "http://\(question.headers["host"] ?? "")/subscriptions/\(Self.subscription)/providers/Microsoft.Compute/"
            + "locations/eastus/operations/\(id)?p=0&api-version=2025-04-01"
        return [
            ("Azure-AsyncOperation", url), ("Location", url), ("Retry-After", "10"),
            (
                "x-ms-ratelimit-remaining-resource",
                "Microsoft.Compute/PutVMSubscriptionMaximum;1499,Microsoft.Compute/PutVMResource;11"
            ),
            ("x-ms-ratelimit-remaining-subscription-writes", "199"),
        ]
    }
}
