import MusterCore
import MusterRuntime

extension FakeGoogleState {
    /// The answer to a call: a status and a body.
    typealias Answer = (status: Int, body: GoogleJSON)

    /// `instances.insert`.
    mutating func insert(
        _ resource: Document, in zone: String, requestID: String?, project: String, at now: Timestamp
    ) -> Answer {
        if let requestID, let operation = remembered(requestID, at: now) {
            return settings.forbidsRepeats
                ? FakeGoogleError.forbidden("compute.instances.create")
                : (200, json(operation, project, at: now))
        }
        guard settings.zones.contains(zone) else { return FakeGoogleError.notFound("zones/\(zone)") }
        guard let name = resource.googleText("name"), FakeGoogleError.isName(name) else {
            return FakeGoogleError.invalid("Invalid value for field 'resource.name'")
        }
        guard let type = resource.googleText("machineType"), type.contains("zones/\(zone)/machineTypes/")
        else {
            return FakeGoogleError.invalid("Invalid value for field 'resource.machineType'")
        }
        if let refusal = FakeGoogleError.problem(with: resource) ?? refusal(of: name, resource) {
            return refusal
        }
        guard instances["\(zone)/\(name)"] == nil else {
            return FakeGoogleError.exists("projects/\(project)/zones/\(zone)/instances/\(name)")
        }
        let operation = begin(
            resource, name, type: last(type), zone: zone, requestID: requestID, group: nil, at: now)
        return (200, json(operation, project, at: now))
    }

    /// Why the account or the project may not have it.
    private func refusal(of name: String?, _ resource: Document) -> Answer? {
        let right = "compute.instances.setTags"
        if resource["tags"] != nil, settings.missingPermissions.contains(right) {
            return FakeGoogleError.forbidden(right)
        }
        guard let reason = name.flatMap({ settings.refusedInsertions[$0] }) else { return nil }
        return FakeGoogleError.answer(403, reason, "Quota 'INSTANCES' exceeded.  Limit: 0.0")
    }

    /// Begins to make an instance; whether it will be is decided already.
    mutating func begin(
        _ resource: Document, _ name: String, type: String, zone: String, requestID: String?, group: String?,
        at now: Timestamp
    ) -> Operation {
        let region = String(zone.dropLast(2))
        var error: GoogleJSON?
        if !isWithinQuota(region) {
            error = FakeGoogleError.quota(
                "INSTANCES", region: region, limit: settings.instanceQuota[region] ?? 0)
        } else if !takeRoom(type, in: zone) {
            error = FakeGoogleError.stockout(
                type: type, zone: zone, hasDetails: settings.stockoutsHaveDetails)
        }
        return record(
            resource, name, type: type, zone: zone, requestID: requestID, group: group, error: error, at: now)
    }

    /// Notes an insertion whose end is known.
    mutating func record(
        _ resource: Document, _ name: String, type: String, zone: String, requestID: String?, group: String?,
        error: GoogleJSON?, at now: Timestamp
    ) -> Operation {
        var members: [Document.Member] = []
        if case .object(let given) = resource.value { members = given.filter { $0.name != "name" } }
        members.append(Document.Member("name", Document(.string(name))))
        var instance = Instance(
            number: newNumber(), zone: zone, machineType: type, resource: Document(.object(members)),
            createdAt: now)
        if happens(settings.chances.preemptions) { instance.fate = .preempted }
        instances[instance.path] = instance
        if error == nil { made[name, default: 0] += 1 }
        let operation = Operation(
            name: "operation-\(newNumber())", scope: .zone(zone), type: "insert", requestID: requestID,
            group: group, target: instance.path, targetNumber: instance.number, insertedAt: now,
            doneAt: now + settings.insertTime, error: error)
        append(operation)
        return operation
    }

    /// `instances.bulkInsert` of a zone, or of a region.
    mutating func bulkInsert(
        _ body: Document, in scope: Operation.Scope, requestID: String?, project: String, at now: Timestamp
    ) -> Answer {
        if let requestID, let operation = remembered(requestID, at: now) {
            return (200, json(operation, project, at: now))
        }
        let names = body.googleMembers("perInstanceProperties").map(\.name)
        guard let count = body.googleText("count").flatMap({ Int($0) }), count == names.count, count > 0,
            body["namePattern"] == nil, names.allSatisfy(FakeGoogleError.isName)
        else { return FakeGoogleError.invalid("perInstanceProperties and count do not fit") }
        guard let properties = body["instanceProperties"], let types = machineTypes(body, properties) else {
            return FakeGoogleError.invalid("Invalid value for field 'instanceProperties.machineType'")
        }
        if let refusal = FakeGoogleError.problem(with: properties) ?? refusal(of: nil, properties) {
            return refusal
        }
        let zones = allowedZones(body, in: scope)
        guard !zones.isEmpty else { return FakeGoogleError.notFound("zones") }
        let taken = Set(instances.values.map(\.name))
        if let name = names.first(where: taken.contains) {
            return FakeGoogleError.exists("instances/\(name)")
        }
        return place(
            names, properties, types: types, zones: zones,
            least: Int(body.googleText("minCount") ?? "") ?? count,
            Operation(
                name: "operation-\(newNumber())", scope: scope, type: "bulkInsert", requestID: requestID,
                group: "group-\(newNumber())", insertedAt: now, doneAt: now + settings.insertTime),
            project, at: now)
    }

    /// Finds a place for each instance: the best type that has room anywhere.
    private mutating func place(
        _ names: [String], _ properties: Document, types: [String], zones: [String], least: Int,
        _ begun: Operation, _ project: String, at now: Timestamp
    ) -> Answer {
        var operation = begun
        let places = types.flatMap { type in zones.map { (type: type, zone: $0) } }
        var placed: [(name: String, type: String, zone: String)] = []
        var left: [String] = []
        var isOverQuota = false
        for (index, name) in names.enumerated() {
            let region = String(zones[0].dropLast(2))
            guard isWithinQuota(region, plus: placed.count) else {
                isOverQuota = true
                left.append(name)
                continue
            }
            // Zones take turns, as far as they have room.
            let turned = places.indices.map {
                places[($0 / zones.count) * zones.count + ($0 + index) % zones.count]
            }
            if let found = turned.first(where: { takeRoom($0.type, in: $0.zone) }) {
                placed.append((name, found.type, found.zone))
            } else {
                left.append(name)
            }
        }
        let region = String(zones[0].dropLast(2))
        let lastPlace = places[places.count - 1]
        let error =
            isOverQuota
            ? FakeGoogleError.quota("INSTANCES", region: region, limit: settings.instanceQuota[region] ?? 0)
            : FakeGoogleError.stockout(
                type: lastPlace.type, zone: lastPlace.zone, hasDetails: settings.stockoutsHaveDetails)
        guard placed.count >= least else {
            operation.error = error
            for zone in zones { operation.locations[zone] = (names.count / zones.count, 0) }
            append(operation)
            return (200, json(operation, project, at: now))
        }
        for (name, type, zone) in placed {
            _ = record(
                properties, name, type: type, zone: zone, requestID: nil, group: operation.group, error: nil,
                at: now)
            let sums = operation.locations[zone] ?? (0, 0)
            operation.locations[zone] = (sums.target + 1, sums.created + 1)
        }
        for name in left {
            let zone = lastPlace.zone
            _ = record(
                properties, name, type: lastPlace.type, zone: zone, requestID: nil, group: operation.group,
                error: error, at: now)
            let sums = operation.locations[zone] ?? (0, 0)
            operation.locations[zone] = (sums.target + 1, sums.created)
        }
        append(operation)
        return (200, json(operation, project, at: now))
    }

    /// The types in order of rank.
    private func machineTypes(_ body: Document, _ properties: Document) -> [String]? {
        if let type = properties.googleText("machineType") { return type.contains("/") ? nil : [type] }
        let selections = body["instanceFlexibilityPolicy"]?.googleMembers("instanceSelections") ?? []
        let ranked = selections.map { selection -> (rank: Int64, types: [String]) in
            var rank: Int64 = 0
            if case .integer(let number)? = selection.document["rank"]?.value { rank = number }
            let types = selection.document.googleElements("machineTypes").compactMap { element -> String? in
                guard case .string(let text) = element.value else { return nil }
                return text
            }
            return (rank, types)
        }
        let types = ranked.sorted { $0.rank < $1.rank }.flatMap(\.types)
        return types.isEmpty ? nil : types
    }

    private func allowedZones(_ body: Document, in scope: Operation.Scope) -> [String] {
        switch scope {
        case .zone(let zone): return settings.zones.filter { $0 == zone }
        case .region(let region):
            let locations = body["locationPolicy"]?.googleMembers("locations") ?? []
            let denied = locations.filter { $0.document.googleText("preference") == "DENY" }.map {
                last($0.name)
            }
            return settings.zones.filter {
                $0.hasPrefix(region + "-") && !denied.contains($0) && !settings.unreachable.contains($0)
            }
        }
    }

    /// `instances.delete`.
    mutating func delete(_ name: String, in zone: String, project: String, at now: Timestamp) -> Answer {
        let path = "\(zone)/\(name)"
        guard var instance = instances[path] else {
            return FakeGoogleError.notFound("projects/\(project)/zones/\(zone)/instances/\(name)")
        }
        deleted.append(path)
        instance.status = "STOPPING"
        instances[path] = instance
        let operation = Operation(
            name: "operation-\(newNumber())", scope: .zone(zone), type: "delete", target: path,
            targetNumber: instance.number, insertedAt: now, doneAt: now + settings.deleteTime)
        append(operation)
        return (200, json(operation, project, at: now))
    }

    func last(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}
