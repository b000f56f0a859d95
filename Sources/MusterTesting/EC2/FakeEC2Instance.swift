public import MusterCore

/// A machine of the fake's.
public struct FakeEC2Instance: Hashable, Sendable {
    /// Its id, such as `i-00000000000000001`.
    public var id: String
    /// Where it runs.
    public var region: String
    /// What it was made from.
    public var image: String
    /// What it is.
    public var type: String
    /// The zone.
    public var zone: String
    /// The subnet; empty for the zone's own.
    public var subnet: String
    /// Whether it is a spot instance.
    public var isSpot: Bool
    /// `pending`, `running`, `shutting-down`, `terminated`, `stopped`.
    public var state: String
    /// Why, when it is not running.
    public var reason = ""
    /// Its tags.
    public var tags: [String: String]
    /// What it was given, in base64.
    public var userData: String
    /// When it was made.
    public var launchedAt: Timestamp
    /// What its checks say: `ok` or `impaired`.
    public var check = "ok"
    /// What is planned for it: codes and moments.
    public var events: [(code: String, at: Timestamp)] = []

    /// Whether it costs money.
    public var isThere: Bool { state != "terminated" }

    public static func == (left: FakeEC2Instance, right: FakeEC2Instance) -> Bool {
        left.id == right.id && left.region == right.region && left.state == right.state
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// As DescribeInstances and RunInstances write it.
    var xml: String {
        let codes = ["pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopped": 80]
        var text = XMLText.leaf("instanceId", id) + XMLText.leaf("imageId", image)
        text += XMLText.element(
            "instanceState", XMLText.leaf("code", "\(codes[state] ?? 16)"), XMLText.leaf("name", state))
        text += XMLText.leaf("instanceType", type) + XMLText.leaf("launchTime", launchedAt.description)
        text += XMLText.element("placement", XMLText.leaf("availabilityZone", zone))
        if !subnet.isEmpty { text += XMLText.leaf("subnetId", subnet) }
        if isSpot { text += XMLText.leaf("instanceLifecycle", "spot") }
        if !reason.isEmpty {
            text += XMLText.element(
                "stateReason", XMLText.leaf("code", String(reason.prefix { $0 != ":" })),
                XMLText.leaf("message", reason))
        }
        text += XMLText.leaf("unheardOf", "a member that a newer version of EC2 sends")
        let sorted = tags.sorted { $0.key < $1.key }
        return text
            + XMLText.list(
                "tagSet", sorted.map { XMLText.leaf("key", $0.key) + XMLText.leaf("value", $0.value) })
    }

    /// As DescribeInstanceStatus writes it.
    var statusXML: String {
        let events = events.map {
            XMLText.leaf("code", $0.code) + XMLText.leaf("description", "planned")
                + XMLText.leaf("notBefore", $0.at.description)
        }
        return XMLText.leaf("instanceId", id) + XMLText.leaf("availabilityZone", zone)
            + XMLText.list("eventsSet", events)
            + XMLText.element("instanceState", XMLText.leaf("name", state))
            + XMLText.element("systemStatus", XMLText.leaf("status", check))
            + XMLText.element("instanceStatus", XMLText.leaf("status", "ok"))
    }
}
