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

    /// The offering that an instance of this launch is.
    func offering(market: AWSMarket, type: String, zone: String?) -> AWSOffering? {
        let fitting = offerings.filter { $0.market == market && $0.type == type }
        return fitting.first { $0.place == zone } ?? (fitting.count == 1 ? fitting[0] : nil)
    }
}
