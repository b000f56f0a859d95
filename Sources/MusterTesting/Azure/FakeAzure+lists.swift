import MusterCore
import MusterRuntime

extension FakeAzure {
    /// A page of a list, with where the next is.
    func page(_ all: [Document], _ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        page(all, question, &state) { $0 }
    }

    /// The same of things that are shown for their page alone.
    func page<Element>(
        _ all: [Element], _ question: AzureQuestion, _ state: inout State, shown: (Element) -> Document
    ) -> AzureAnswer {
        let number = Int(question.query["$skiptoken"] ?? "") ?? 0
        if state.settings.failingPage == number {
            return .error(500, "InternalServerError", "Encountered an error.")
        }
        let size = state.settings.pageSize
        let start = min(number * size, all.count)
        let end = min(start + size, all.count)
        var next: Document?
        if end < all.count {
            var query = question.query
            query["$skiptoken"] = "\(number + 1)"
            let words = query.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" }
            next = .string(
                "http://\(question.headers["host"] ?? "")\(question.path)?\(words.joined(separator: "&"))")
        }
        return AzureAnswer(
            200, .object(["value": Document(.array(all[start..<end].map(shown))), "nextLink": next]),
            headers: [
                ("x-ms-ratelimit-remaining-resource", "Microsoft.Compute/HighCostGetSubscriptionMaximum;899")
            ])
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == 45 || byte == 46
                || byte == 95
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
        }.joined()
    }

    /// A machine as lists show it: what it was made of, less its secrets.
    func shown(_ machine: FakeMachine) -> Document {
        let properties = machine.body["properties"]
        let word: String
        switch machine.state {
        case .creating: word = "Creating"
        case .succeeded: word = "Succeeded"
        case .failed: word = "Failed"
        case .deleting: word = "Deleting"
        }
        return .object([
            "id": .string("\(Self.groupPath)/providers/Microsoft.Compute/virtualMachines/\(machine.name)"),
            "name": .string(machine.name), "type": .string("Microsoft.Compute/virtualMachines"),
            "location": .string(machine.location), "tags": machine.body["tags"],
            "zones": machine.body["zones"],
            "etag": .string("\"\(machine.incarnation)\""),
            "properties": .object([
                "vmId": .string(machine.vmID), "provisioningState": .string(word),
                "timeCreated": .string(String(machine.createdAt.description.dropLast()) + "4567+00:00"),
                "hardwareProfile": properties?["hardwareProfile"], "priority": properties?["priority"],
                "evictionPolicy": properties?["evictionPolicy"],
                "storageProfile": properties?["storageProfile"],
            ]),
        ])
    }

    /// What a machine does, and what became of making it.
    func view(_ machine: FakeMachine) -> Document {
        var statuses: [Document] = []
        func add(_ code: String, _ level: String, _ message: String?) {
            statuses.append(
                .object([
                    "code": .string(code), "level": .string(level), "displayStatus": .string(code),
                    "message": message.map(Document.string),
                    "time": .string("2019-10-14T21:30:12.8051917+00:00"),
                ]))
        }
        switch machine.state {
        case .creating: add("ProvisioningState/creating", "Info", nil)
        case .succeeded: add("ProvisioningState/succeeded", "Info", nil)
        case .failed(let code, let message): add("ProvisioningState/failed/\(code)", "Error", message)
        case .deleting: add("ProvisioningState/deleting", "Info", nil)
        }
        if let power = machine.power { add("PowerState/\(power)", "Info", nil) }
        return .object(["statuses": Document(.array(statuses))])
    }

    /// Everything in the resource group, or what has a tag: of these Azure does not show the tags.
    func resources(_ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        state.counts["LIST resources", default: 0] += 1
        var all: [FakePart] = state.machines.values.map {
            let type = "Microsoft.Compute/virtualMachines"
            return FakePart(id: Self.id(of: $0.name, type), type: type, tags: $0.tags)
        }
        all += state.parts.values
        all.sort { $0.id < $1.id }
        guard let filter = question.query["$filter"] else {
            return page(all, question, &state) { self.shown($0) }
        }
        let words = filter.split(separator: "'").map(String.init)
        guard words.count == 4 else { return .error(400, "InvalidFilter", "The filter is not valid.") }
        let tagged = all.filter { $0.tags[words[1]] == words[3] }
        return page(tagged, question, &state) { self.shown($0, withTags: false) }
    }

    /// A resource as the list of all kinds shows it: of parts, disks alone say what they are attached to.
    private func shown(_ part: FakePart, withTags: Bool = true) -> Document {
        let tags = part.tags.sorted { $0.key < $1.key }.map { Document.Member($0.key, .string($0.value)) }
        let machine = part.machine.map {
            Document.string(Self.id(of: $0, "Microsoft.Compute/virtualMachines"))
        }
        return .object([
            "id": .string(part.id), "type": .string(part.type),
            "tags": withTags ? Document(.object(tags)) : nil,
            "managedBy": part.type.hasSuffix("disks") ? machine : nil,
        ])
    }

    /// A disk, an interface or an address.
    func part(_ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        let key = question.path.lowercased()
        guard question.method == "DELETE" else {
            return state.parts[key] == nil
                ? .error(404, "ResourceNotFound", "It was not found.") : AzureAnswer(200)
        }
        state.counts["DELETE part", default: 0] += 1
        guard let part = state.parts[key] else { return AzureAnswer(204) }
        guard part.machine == nil else {
            return part.type.hasSuffix("disks")
                ? .error(409, "OperationNotAllowed", "Disk is attached to a VM.")
                : .error(400, "NicInUse", "The interface is used by an existing resource.")
        }
        if let locked = locked(part.id, state) { return locked }
        if let until = part.reservedUntil, clock.uptime() < until {
            return .error(
                400, "NicReservedForAnotherVm", "Nic(s) in request is reserved for another Virtual Machine.")
        }
        if let interface = part.interface, state.parts[interface] != nil {
            return .error(
                400, "PublicIPAddressCannotBeDeleted",
                "Public IP address can not be deleted since it is in use.")
        }
        state.parts[key] = nil
        return AzureAnswer(202)
    }

    /// What a deletion is refused with that a lock forbids.
    func locked(_ id: String, _ state: State) -> AzureAnswer? {
        let name = id.lowercased().split(separator: "/").last.map(String.init) ?? ""
        guard state.settings.locked.contains(name) else { return nil }
        return .error(
            409, "ScopeLocked", "The scope '\(id)' cannot perform delete operation because it is locked.")
    }

    /// Resource Graph, as far as Muster asks it: machines of a fleet that do not run.
    func graph(_ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        state.counts["QUERY graph", default: 0] += 1
        guard state.settings.hasGraph else { return .error(403, "AccessDenied", "Access is denied.") }
        guard question.method == "POST", let body = try? JSON.document(question.body),
            let query = text(body["query"])
        else {
            return .error(400, "BadRequest", "The query is not valid.")
        }
        let (lag, now) = (state.settings.graphLag, clock.uptime())
        let seen = state.machines.values.compactMap { $0.seen(late: lag, at: now) }
        let rows = seen.sorted { $0.name < $1.name }.filter { machine in
            guard let fleet = machine.tags["muster-deployment"],
                query.contains("tags['muster-deployment'] == '\(fleet)'")
            else { return false }
            if case .failed = machine.state { return true }
            return machine.power != nil && machine.power != "running"
        }
        let start = Int(text(body["options"]?["$skipToken"]) ?? "0") ?? 0
        let end = min(start + state.settings.pageSize, rows.count)
        let data = rows[min(start, end)..<end].map { machine -> Document in
            let power = machine.power.map { "PowerState/\($0)" } ?? ""
            return .object(["name": .string(machine.name), "power": .string(power)])
        }
        return AzureAnswer(
            200,
            .object([
                "totalRecords": .integer(rows.count), "count": .integer(data.count),
                "data": Document(.array(Array(data))), "resultTruncated": .string("false"),
                "$skipToken": end < rows.count ? .string("\(end)") : nil,
            ]))
    }

    /// What belongs to the whole subscription.
    func ofSubscription(_ rest: [String], _ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        if rest.isEmpty {
            return AzureAnswer(
                200, .object(["displayName": .string("Workers"), "state": .string("Enabled")]))
        }
        if rest.count == 6, rest[4] == "operations" { return operation(rest[5], &state) }
        if rest.count >= 5, rest[2] == "locations", rest[4] == "usages" {
            let used = state.machines.values.count { $0.location == rest[3] } * 2
            return page(
                [
                    .object([
                        "currentValue": .integer(used), "limit": .integer(100), "unit": .string("Count"),
                        "name": .object([
                            "value": .string("cores"), "localizedValue": .string("Total Regional vCPUs"),
                        ]),
                    ])
                ], question, &state)
        }
        if rest == ["providers", "microsoft.compute", "skus"] { return page(Self.sizes, question, &state) }
        if rest.count > 4, rest[4] == "publishers" {
            let known = question.path.contains("/Canonical/")
            return AzureAnswer(
                200, Document(.array(known ? [.object(["name": .string("22.04.202401010")])] : [])))
        }
        return .error(404, "NotFound", "There is no such thing.")
    }

    private func operation(_ id: String, _ state: inout State) -> AzureAnswer {
        state.counts["GET operation", default: 0] += 1
        guard let operation = state.operations[id] else {
            return .error(404, "NotFound", "No such operation.")
        }
        var outcome = operation.outcome
        if outcome == nil, let machine = state.machines[operation.machine] {
            switch machine.state {
            case .creating, .deleting: break
            case .succeeded, .failed: outcome = operation.isDeletion ? nil : machine.state
            }
        }
        switch outcome {
        case .failed(let code, let message)?:
            let error: Document = .object(["code": .string(code), "message": .string(message)])
            return AzureAnswer(
                200, .object(["name": .string(id), "status": .string("Failed"), "error": error]))
        case nil: return AzureAnswer(200, .object(["name": .string(id), "status": .string("InProgress")]))
        default: return AzureAnswer(200, .object(["name": .string(id), "status": .string("Succeeded")]))
        }
    }

    private static let sizes: [Document] = [
        .object([
            "resourceType": .string("virtualMachines"), "name": .string("Standard_D2s_v5"),
            "family": .string("standardDSv5Family"),
            "locationInfo": Document(
                .array([
                    .object([
                        "location": .string("eastus"),
                        "zones": Document(.array([.string("1"), .string("2"), .string("3")])),
                    ])
                ])),
            "capabilities": Document(
                .array([.object(["name": .string("LowPriorityCapable"), "value": .string("True")])])),
            "restrictions": Document(.array([])),
        ])
    ]
}
