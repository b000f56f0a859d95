import FoundationEssentials
import MusterCore

/// A launch as it is stored and sent: the forms of its calls, written out, and what their errors are about.
struct AWSLaunchBody: Codable, Hashable, Sendable {
    /// A RunInstances call.
    struct Run: Codable, Hashable, Sendable {
        var form: String
        var count: Int
    }

    /// A CreateFleet call. How many instances it is for stands at its end: those that a market before did not have.
    struct Fleet: Codable, Hashable, Sendable {
        var market: AWSMarket
        var form: String

        /// The form of the call for so many instances.
        ///
        /// - Parameter isAnew: whether the same call was refused before for want of its template. That has used its
        ///   token up: it has another one then.
        func form(count: Int, isAnew: Bool) -> String {
            let parameters = form.split(separator: "&").map { parameter in
                isAnew && parameter.hasPrefix("ClientToken=") ? "\(parameter)-anew" : String(parameter)
            }
            let target = "TargetCapacitySpecification.TotalTargetCapacity=\(count)"
            return (parameters + [target]).joined(separator: "&")
        }
    }

    /// The launch template that fleets are made from.
    struct Template: Codable, Hashable, Sendable {
        var name: String
        var form: String
    }

    /// A part of a fleet launch: one call for each market, one after the other.
    struct FleetPart: Codable, Hashable, Sendable {
        var count: Int
        var calls: [Fleet]
    }

    var launch: LaunchID
    var region: String
    var count: Int
    var image: String?
    /// What may come of it.
    var offerings: [AWSOffering]
    var runs: [Run] = []
    var template: Template?
    var fleets: [FleetPart] = []

    /// Reads what `text` wrote; nil when this is no such launch.
    init?(text: String) {
        guard let body = try? JSONDecoder().decode(AWSLaunchBody.self, from: Data(text.utf8)) else {
            return nil
        }
        self = body
    }

    /// Makes a body without calls.
    init(launch: LaunchID, region: String, count: Int, image: String?, offerings: [AWSOffering]) {
        self.launch = launch
        self.region = region
        self.count = count
        self.image = image
        self.offerings = offerings
    }

    /// The launch as JSON with sorted keys: equal launches give equal bytes.
    func text() throws(Problem) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            throw Problem(.internalError, "the launch cannot be written as JSON: \(error)")
        }
    }

    /// The zones that it may be in; nil where that is not known of all that may come of it.
    var zones: Set<String>? {
        let zones = offerings.map(\.place)
        // A subnet's place is not told by its name, and a whole region's is any of its zones.
        guard !zones.isEmpty, zones.allSatisfy({ $0.hasPrefix(region) && $0 != region }) else { return nil }
        return Set(zones)
    }

    /// The offering that an instance of this launch is.
    func offering(market: AWSMarket, type: String, zone: String?) -> AWSOffering? {
        let fitting = offerings.filter { $0.market == market && $0.type == type }
        return fitting.first { $0.place == zone } ?? (fitting.count == 1 ? fitting[0] : nil)
    }
}
