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
    init?(_ element: XMLElement) {
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

    /// The instances in an answer to DescribeInstances.
    ///
    /// - Throws: `EC2Failure` when it cannot be read to its end.
    static func described(in body: [UInt8]) throws(EC2Failure) -> [EC2Instance] {
        do throws(Problem) {
            return try XML.elements(at: path, keeping: kept, in: body).compactMap(EC2Instance.init)
        } catch {
            throw EC2Failure(code: error.code.rawValue, message: error.message, mayHaveArrived: true)
        }
    }

    /// Where the instances stand in such an answer.
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
