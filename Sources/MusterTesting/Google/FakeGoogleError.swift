import MusterCore

/// Refusals in Google's words, after the pages named in fixtures/google/README.md.
enum FakeGoogleError {
    static func notFound(_ what: String) -> FakeGoogleState.Answer {
        answer(404, "notFound", "The resource '\(what)' was not found")
    }

    static func invalid(_ message: String) -> FakeGoogleState.Answer { answer(400, "invalid", message) }

    static func exists(_ what: String) -> FakeGoogleState.Answer {
        answer(409, "alreadyExists", "The resource '\(what)' already exists")
    }

    static func forbidden(_ permission: String) -> FakeGoogleState.Answer {
        answer(403, "forbidden", "Required '\(permission)' permission")
    }

    static func answer(_ status: Int, _ reason: String, _ message: String) -> FakeGoogleState.Answer {
        let item: GoogleJSON = ["message": .text(message), "domain": "global", "reason": .text(reason)]
        return (
            status,
            ["error": ["code": .number(status), "message": .text(message), "errors": [item]]]
        )
    }

    /// What an operation says of a zone without room.
    static func stockout(type: String, zone: String, hasDetails: Bool) -> GoogleJSON {
        let message: GoogleJSON = .text(
            "The zone 'projects/fake-project/zones/\(zone)' does not have enough resources available to fulfill the "
                + "request.  Try a different zone, or try again later.")
        guard hasDetails else { return ["code": "ZONE_RESOURCE_POOL_EXHAUSTED", "message": message] }
        let info: GoogleJSON = [
            "reason": "resource_availability", "domain": "compute.googleapis.com",
            "metadatas": [
                "vmType": .text(type), "zone": .text(zone), "attachment": "", "zonesAvailable": "",
            ],
        ]
        return [
            "code": "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", "message": message,
            "errorDetails": [["errorInfo": info]],
        ]
    }

    /// What an operation says of a quota.
    static func quota(_ metric: String, region: String, limit: Int) -> GoogleJSON {
        let info: GoogleJSON = [
            "metricName": .text("compute.googleapis.com/\(metric.lowercased())"),
            "limitName": .text("\(metric)-per-project-region"), "dimensions": ["region": .text(region)],
            "limit": .number(limit),
        ]
        return [
            "code": "QUOTA_EXCEEDED",
            "message": .text("Quota '\(metric)' exceeded.  Limit: \(limit).0 in region \(region)."),
            "errorDetails": [["quotaInfo": info]],
        ]
    }

    /// Why Google would not take an instance at all.
    static func problem(with resource: Document) -> FakeGoogleState.Answer? {
        if resource.googleElements("disks").isEmpty {
            return invalid("Invalid value for field 'resource.disks': ''. At least one disk is needed.")
        }
        if resource.googleElements("networkInterfaces").isEmpty {
            return invalid("Invalid value for field 'resource.networkInterfaces': ''.")
        }
        for label in resource.googleMembers("labels") {
            guard case .string(let value) = label.document.value, isLabel(label.name), isLabel(value) else {
                return invalid("Invalid value for field 'labels': '\(label.name)'.")
            }
        }
        let image = resource.googleElements("disks").first?["initializeParams"]?.googleText("sourceImage")
        if image?.contains("missing") == true { return notFound(image ?? "") }
        return nil
    }

    static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return (97...122).contains(first) && last != 45
            && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    private static func isLabel(_ text: String) -> Bool {
        text.utf8.count <= 63
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
            }
    }
}
