import MusterCore
import MusterRuntime

/// An instance as EC2 describes it, as far as anyone here wants to know.
struct EC2Instance: Hashable, Sendable {
    var id: String
    var state: String
    var type: String
    var market: AWSMarket
    var zone: String?
    var subnet: String?
    var launchedAt: Timestamp?
    /// Why it is in its state, in EC2's words.
    var reason: String?
    var tags: [String: String]

    /// What EC2 says of instances and is kept of it.
    static let kept: Set<String> = [
        "instanceId", "instanceState", "name", "code", "instanceType", "instanceLifecycle", "placement",
        "availabilityZone", "subnetId", "launchTime", "stateReason", "message", "tagSet", "item", "key",
        "value",
    ]

    /// Reads an `item` of `instancesSet`; nil when it has no id or no state: no instance is without.
    private init?(_ element: XMLElement) {
        guard let id = element.text("instanceId"), let state = element.text("instanceState", "name") else {
            return nil
        }
        self.id = id
        self.state = state
        type = element.text("instanceType") ?? ""
        market = element.text("instanceLifecycle") == "spot" ? .spot : .onDemand
        zone = element.text("placement", "availabilityZone")
        subnet = element.text("subnetId")
        launchedAt = element.text("launchTime").flatMap({ Timestamp($0) })
        reason = element.text("stateReason", "message")
        tags = element.items("tagSet").reduce(into: [:]) { tags, tag in
            if let key = tag.text("key") { tags[key] = tag.text("value") ?? "" }
        }
    }

    /// The instances in an answer, below a list that must be there.
    ///
    /// - Throws: `EC2Failure` when it cannot be read to its end, or when anything in it cannot: an instance that were
    ///   left out would be taken for gone.
    static func all(at path: String, in answer: EC2Answer) throws(EC2Failure) -> [EC2Instance] {
        try read(try answer.items(path, keeping: kept), of: answer)
    }

    /// The instances that elements of an answer are; all of them.
    static func read(_ elements: [XMLElement], of answer: EC2Answer) throws(EC2Failure) -> [EC2Instance] {
        let instances = elements.compactMap(EC2Instance.init)
        guard instances.count == elements.count else {
            throw answer.unexpected("tells of an instance without its id or state")
        }
        return instances
    }

    /// Where the instances stand in an answer to DescribeInstances.
    static let path = "reservationSet/item/instancesSet/item"

    /// The instance as the engine knows it.
    ///
    /// One that carries no launch that could be one of Muster's is its own launch, which nobody knows.
    ///
    /// - Parameter offering: which offering of its launch it is; else that of its zone.
    func instance(in region: String, offering: AWSOffering? = nil) -> Instance {
        let launch = tags[ResourceTags.launch].flatMap { LaunchID.accepts($0) ? $0 : nil } ?? id
        let place = zone ?? subnet ?? region
        let known =
            offering ?? AWSOffering(market: market, type: type, place: place, region: region, subnet: subnet)
        return Instance(
            id: "\(region)/\(id)", launchID: LaunchID(rawValue: launch), group: WorkerGroup(rawValue: region),
            workerID: WorkerID(rawValue: id), state: Self.state(state), startedAt: launchedAt, detail: reason,
            offering: known.name)
    }

    /// Whether it works, or will soon.
    var isAlive: Bool { state == "pending" || state == "running" }

    /// Whether it has been halted: it does no work and costs money until it is ended.
    var isHalted: Bool { state == "stopped" || state == "stopping" }

    /// A halted instance can only end: nobody starts it again.
    private static func state(_ name: String) -> Instance.State {
        switch name {
        case "pending": .pending
        case "shutting-down", "stopping", "stopped": .stopping
        case "terminated": .gone
        default: .running
        }
    }
}
