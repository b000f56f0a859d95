import MusterCore
import MusterRuntime

/// What CreateFleet answers: instances by override, and errors by override, with status 200.
struct FleetAnswer: Sendable {
    struct Made: Hashable, Sendable {
        var ids: [String]
        var type: String
        var zone: String?
    }

    struct Refused: Hashable, Sendable {
        var code: String
        var message: String
        var type: String?
        var zone: String?
    }

    let made: [Made]
    let refused: [Refused]

    /// How many instances there are.
    var count: Int { made.reduce(0) { $0 + $1.ids.count } }

    /// Whether it names nothing, as a repeated call's may: what the first one made is not known by it.
    var isSilent: Bool { made.isEmpty && refused.isEmpty }

    /// - Throws: `EC2Failure` when the answer cannot be read: the call arrived then.
    init(_ answer: EC2Answer) throws(EC2Failure) {
        let found = try answer.elements([XMLWish("fleetInstanceSet/item"), XMLWish("errorSet/item")])
        made = found.filter { $0.wish == 0 }.map { _, element in
            let override = element["launchTemplateAndOverrides"]?["overrides"]
            return Made(
                ids: element.items("instanceIds").map(\.text).filter { !$0.isEmpty },
                type: element.text("instanceType") ?? override?.text("instanceType") ?? "",
                zone: element.text("availabilityZone") ?? override?.text("availabilityZone"))
        }
        refused = found.filter { $0.wish == 1 }.map { _, element in
            let override = element["launchTemplateAndOverrides"]?["overrides"]
            let code = element.text("errorCode") ?? "unknown"
            let fault = AWSFault(code: code, message: element.text("errorMessage") ?? code)
            return Refused(
                code: fault.code, message: fault.sentence(without: answer.redaction),
                type: override?.text("instanceType"), zone: override?.text("availabilityZone"))
        }
    }

    /// The errors as refusals of so many instances.
    ///
    /// An error is of an override and stands for any number of instances: the first one has them all, so that they
    /// are counted once, and the others tell of their offerings.
    func refusals(of count: Int, _ body: AWSLaunchBody, _ market: AWSMarket) -> [LaunchRefusal] {
        var seen: Set<CloudError> = []
        var refusals: [LaunchRefusal] = []
        if refused.isEmpty, count > 0 {
            let error = AWSErrorTable.error(
                "UnfulfillableCapacity", "EC2 had \(self.count) instances and does not say what of",
                Self.wholeMarket(body, market))
            return [LaunchRefusal(count: count, error: error)]
        }
        for entry in refused {
            let offering = entry.type.flatMap { body.offering(market: market, type: $0, zone: entry.zone) }
            let error = AWSErrorTable.error(
                entry.code, entry.message, offering?.errorPlace ?? Self.wholeMarket(body, market))
            guard seen.insert(error).inserted else { continue }
            refusals.append(LaunchRefusal(count: refusals.isEmpty ? count : 0, error: error))
        }
        return refusals
    }

    /// What an error that names no override is about.
    private static func wholeMarket(_ body: AWSLaunchBody, _ market: AWSMarket) -> AWSErrorTable.Place {
        body.offerings.first { $0.market == market }?.errorPlace ?? .init()
    }
}
