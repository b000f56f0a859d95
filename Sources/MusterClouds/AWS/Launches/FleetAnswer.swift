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

    /// - Throws: `EC2Failure` when the answer cannot be read: the call arrived then.
    init(_ body: [UInt8]) throws(EC2Failure) {
        let found: [(wish: Int, element: XMLElement)]
        do throws(Problem) {
            found = try XML.elements(
                [XMLWish("fleetInstanceSet/item"), XMLWish("errorSet/item")], in: body)
        } catch {
            throw EC2Failure(code: error.code.rawValue, message: error.message, mayHaveArrived: true)
        }
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
            return Refused(
                code: String(code.prefix(CloudPolicy.longestCloudCode)),
                message: String(
                    (element.text("errorMessage") ?? code).prefix(CloudPolicy.longestCloudMessage)),
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
