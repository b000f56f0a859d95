import MusterCore
import MusterRuntime

/// What is asked of DescribeInstanceStatus. It takes no tag and few ids, so that it is asked for trouble, whoever's:
/// there is little of it however many instances an account has.
enum StatusQuestion: Int, CaseIterable {
    case system, instance, volumes, events

    /// The one that comes after it.
    var next: StatusQuestion { StatusQuestion(rawValue: rawValue + 1) ?? .system }

    /// The call that asks it.
    var form: QueryForm {
        var form = QueryForm("DescribeInstanceStatus")
        switch self {
        case .system: form.filter(1, "system-status.status", ["impaired"])
        case .instance: form.filter(1, "instance-status.status", ["impaired"])
        case .volumes: form.filter(1, "attached-ebs-status.status", ["impaired"])
        case .events: form.filter(1, "event.code", Self.eventCodes)
        }
        return form
    }

    /// What an `item` of the answer says to it.
    func notices(_ status: XMLElement, in region: String) -> [InstanceNotice] {
        guard let id = status.text("instanceId").map({ "\(region)/\($0)" }) else { return [] }
        switch self {
        case .system: return Self.impaired(id, status, "systemStatus")
        case .instance: return Self.impaired(id, status, "instanceStatus")
        case .volumes: return Self.impaired(id, status, "attachedEbsStatus")
        case .events: return status.items("eventsSet").compactMap { Self.maintenance(id, $0) }
        }
    }

    private static let eventCodes = [
        "instance-reboot", "system-reboot", "system-maintenance", "instance-retirement", "instance-stop",
    ]

    private static func impaired(_ id: String, _ status: XMLElement, _ check: String) -> [InstanceNotice] {
        guard status.text(check, "status") == "impaired" else { return [] }
        return [InstanceNotice(instanceID: id, kind: .impaired, detail: "\(check) is impaired")]
    }

    private static func maintenance(_ id: String, _ event: XMLElement) -> InstanceNotice? {
        let detail = event.text("description") ?? ""
        // What is over stays in the list for a week, with a word before its description.
        guard !detail.hasPrefix("[Completed]"), !detail.hasPrefix("[Canceled]") else { return nil }
        return InstanceNotice(
            instanceID: id, kind: .maintenance(at: event.text("notBefore").flatMap({ Timestamp($0) })),
            detail: "\(event.text("code") ?? "event"): \(detail)")
    }
}
