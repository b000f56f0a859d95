import MusterCore

extension FakeGoogleState {
    /// Does what a request asks for, unless something comes in between.
    mutating func handle(
        _ request: FakeGoogleRequest, project: String, base: String, at now: Timestamp
    ) -> FakeGoogleOutcome {
        if request.path.first != "compute", request.path.first != "resource" {
            return tokens(request, base: base, at: now)
        }
        guard let token = request.token, tokens.contains(token), !settings.withdrawnTokens else {
            return FakeGoogleOutcome(FakeGoogleError.answer(401, "authError", "Invalid Credentials"))
        }
        if happens(settings.chances.lostCalls) { return .hangUp }
        if let refusal = refusal(at: now) { return refusal }
        var outcome = FakeGoogleOutcome(answer(request, project: project, at: now))
        if request.method == "POST", let name = request.document?.googleText("name"),
            settings.unansweredInsertions.contains(name), outcome.status == 200
        {
            outcome.fault = .hangsUp
            return outcome
        }
        if happens(settings.chances.lostAnswers) {
            outcome.fault = .hangsUp
        } else if happens(settings.chances.halfAnswers) {
            outcome.fault = .givesHalf
        }
        outcome.isLate = happens(settings.chances.lateAnswers)
        return outcome
    }

    /// Too many calls, or none at the moment.
    private mutating func refusal(at now: Timestamp) -> FakeGoogleOutcome? {
        let minute = now.milliseconds / 60_000
        if minute != self.minute { (self.minute, callsInMinute) = (minute, 0) }
        callsInMinute += 1
        let message =
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service "
            + "'compute.googleapis.com' for consumer 'project_number:1'."
        if let limit = settings.callsPerMinute, callsInMinute > limit {
            return FakeGoogleOutcome(FakeGoogleError.answer(403, "rateLimitExceeded", message))
        }
        if happens(settings.chances.throttled) {
            var outcome = FakeGoogleOutcome(FakeGoogleError.answer(403, "rateLimitExceeded", message))
            outcome.headers = [("Retry-After", "0")]
            return outcome
        }
        guard happens(settings.chances.unavailable) else { return nil }
        return FakeGoogleOutcome(FakeGoogleError.answer(503, "backendError", "Backend Error"))
    }

    private mutating func answer(_ request: FakeGoogleRequest, project: String, at now: Timestamp) -> Answer {
        // compute/v1/projects/PROJECT/...
        let path = Array(request.path.dropFirst(3))
        if request.path.first == "resource" { return permissions(request) }
        guard request.path.count >= 4, request.path[2] == "projects" else {
            return FakeGoogleError.notFound("it")
        }
        guard path[0] == project else { return other(path) }
        switch (request.method, path.count, path.count > 1 ? path[1] : "") {
        case ("GET", 1, _): return count("get project", (200, quotas(["name": .text(project)])))
        case ("GET", 3, "aggregated"):
            return count("list instances", aggregated(query: request.query, project: project))
        case ("GET", 2, "regions"):
            let regions = Set(settings.zones.map { String($0.dropLast(2)) }).sorted()
            return count("list regions", (200, ["items": .list(regions.map { region($0, project) })]))
        case (_, 3..., "zones"): return zone(request, path, project: project, at: now)
        case (_, 3..., "regions"): return region(request, path, project: project, at: now)
        case ("GET", 4..., "global") where settings.missingPermissions.contains("compute.images.get"):
            return FakeGoogleError.forbidden("compute.images.get")
        case ("GET", 4..., "global") where !path[path.count - 1].contains("missing"):
            return (200, ["name": .text(path[path.count - 1]), "status": "READY"])
        default: return FakeGoogleError.notFound(path.joined(separator: "/"))
        }
    }

    private mutating func zone(
        _ request: FakeGoogleRequest, _ path: [String], project: String, at now: Timestamp
    ) -> Answer {
        let zone = path[2]
        guard settings.zones.contains(zone) else { return FakeGoogleError.notFound("zones/\(zone)") }
        guard !settings.unreachable.contains(zone) else {
            return count(
                "unreachable \(zone)", FakeGoogleError.answer(503, "backendError", "Backend Error"))
        }
        let requestID = request.query["requestId"]
        let document = request.document ?? Document(.null)
        switch (request.method, Array(path.dropFirst(3))) {
        case ("GET", []): return (200, ["name": .text(zone), "status": "UP"])
        case ("GET", ["instances"]):
            return count("list instances", list(zone: zone, query: request.query, project: project))
        case ("POST", ["instances"]):
            return count(
                "insert", insert(document, in: zone, requestID: requestID, project: project, at: now))
        case ("POST", ["instances", "bulkInsert"]):
            return count(
                "bulkInsert",
                bulkInsert(document, in: .zone(zone), requestID: requestID, project: project, at: now))
        case ("GET", ["operations"]) where settings.unreadableOperations.contains(zone):
            return FakeGoogleError.forbidden("compute.zoneOperations.list")
        case ("GET", ["operations"]):
            return count(
                "list operations",
                list(operationsIn: .zone(zone), query: request.query, project: project, at: now))
        case ("GET", let rest) where rest.count == 2 && rest[0] == "instances":
            return count("get instance", get(rest[1], in: zone, project: project))
        case ("DELETE", let rest) where rest.count == 2 && rest[0] == "instances":
            return count("delete", delete(rest[1], in: zone, project: project, at: now))
        case ("GET", let rest) where rest.count == 2 && rest[0] == "machineTypes":
            return rest[1].contains("missing")
                ? FakeGoogleError.notFound(rest[1]) : (200, ["name": .text(rest[1])])
        default: return FakeGoogleError.notFound(path.joined(separator: "/"))
        }
    }

    private mutating func region(
        _ request: FakeGoogleRequest, _ path: [String], project: String, at now: Timestamp
    ) -> Answer {
        let name = path[2]
        guard settings.zones.contains(where: { $0.hasPrefix(name + "-") }) else {
            return FakeGoogleError.notFound("regions/\(name)")
        }
        switch (request.method, Array(path.dropFirst(3))) {
        case ("GET", []): return (200, region(name, project))
        case ("POST", ["instances", "bulkInsert"]):
            return count(
                "bulkInsert",
                bulkInsert(
                    request.document ?? Document(.null), in: .region(name),
                    requestID: request.query["requestId"],
                    project: project, at: now))
        case ("GET", ["operations"]):
            return count(
                "list operations",
                list(operationsIn: .region(name), query: request.query, project: project, at: now))
        case ("GET", let rest) where rest.count == 2 && rest[0] == "subnetworks":
            return rest[1].contains("missing")
                ? FakeGoogleError.notFound(rest[1]) : (200, ["name": .text(rest[1])])
        default: return FakeGoogleError.notFound(path.joined(separator: "/"))
        }
    }

    /// What belongs to other projects: images.
    private func other(_ path: [String]) -> Answer {
        let name = path[path.count - 1]
        return name.contains("missing")
            ? FakeGoogleError.notFound(path.joined(separator: "/"))
            : (200, ["name": .text(name), "status": "READY"])
    }

    private func region(_ name: String, _ project: String) -> GoogleJSON {
        let zones = settings.zones.filter { $0.hasPrefix(name + "-") }.map {
            GoogleJSON.text("https://www.googleapis.com/compute/v1/projects/\(project)/zones/\($0)")
        }
        let used = instances.values.count { $0.zone.hasPrefix(name + "-") }
        let instances: GoogleJSON = [
            "metric": "INSTANCES", "limit": .number(settings.instanceQuota[name] ?? 6_000),
            "usage": .number(used),
        ]
        return ["name": .text(name), "zones": .list(zones), "quotas": [instances]]
    }

    private func quotas(_ project: GoogleJSON) -> GoogleJSON {
        let scarce = settings.scarceQuotas.sorted().map { metric -> GoogleJSON in
            ["metric": .text(metric), "limit": 100, "usage": 90]
        }
        let plenty: GoogleJSON = ["metric": "NETWORKS", "limit": 100, "usage": 1]
        return project.with("quotas", .list([plenty] + scarce))
    }

    private mutating func permissions(_ request: FakeGoogleRequest) -> Answer {
        let asked = request.document?.googleElements("permissions") ?? []
        let granted = asked.filter { element in
            guard case .string(let name) = element.value else { return false }
            return !settings.missingPermissions.contains(name)
        }
        return count("permissions", (200, ["permissions": .list(granted.map(GoogleJSON.document))]))
    }

    private mutating func count(_ name: String, _ answer: Answer) -> Answer {
        calls[name, default: 0] += 1
        return answer
    }
}
