import MusterCore
import MusterRuntime

/// What a fault is about as far as the caller knows, for what the fault itself leaves out.
struct GoogleErrorPlace: Sendable {
    /// The offerings that were asked for.
    var offerings: [GoogleOffering] = []
    /// The zone, where there was one.
    var zone: String?
    /// The region.
    var region: String?
    /// The subnetwork of the first interface.
    var subnetwork: String?
    /// Whether it was a launch: what it names and does not find is the launch config's mistake.
    var isLaunch = false
    /// How long until calls are allowed again, where there were too many.
    var window: Duration

    /// The same where Google has said itself how long to wait.
    func waiting(_ time: Duration?) -> GoogleErrorPlace {
        var place = self
        place.window = time ?? window
        return place
    }

    /// The errors that a fault stands for: of capacity one for each offering that it may speak of.
    func errors(_ fault: GoogleFault) -> [CloudError] {
        let meaning = GoogleErrorTable.meaning(fault)
        guard meaning == .capacity else { return [error(fault, kind(meaning, fault))] }
        let zone = fault.details["zone"] ?? Self.zone(in: fault.message) ?? zone
        let type = fault.details["vmType"]
        let meant = offerings.filter { offering in
            zone.map { $0 == offering.zone } ?? true && type.map { $0 == offering.machineType } ?? true
        }
        guard meant.isEmpty else { return meant.map { error(fault, .capacity(offering: $0.name)) } }
        // A zone or a type that the launch config did not name: it is told of as it is.
        let market = offerings.first?.market ?? .standard
        let name = GoogleOffering(
            market: market, machineType: type ?? offerings.first?.machineType ?? "any",
            zone: zone ?? region ?? "any"
        ).name
        return [error(fault, .capacity(offering: name))]
    }

    private func kind(_ meaning: GoogleErrorTable.Meaning, _ fault: GoogleFault) -> CloudError.Kind {
        switch meaning {
        case .capacity: .capacity(offering: offerings.first?.name ?? "any")
        case .quota: .quota(scope: GoogleQuota.scope(of: fault, region: region))
        case .addresses:
            .quota(scope: GoogleQuota.addresses(of: subnetwork ?? "any", region: region ?? "any"))
        case .throttled: .throttled(retryAfter: window)
        case .invalid: .invalidConfig
        case .auth: .auth
        case .notFound: isLaunch ? .invalidConfig : .notFound
        case .transient: .transient
        case .exists, .unknown: .unknown
        }
    }

    private func error(_ fault: GoogleFault, _ kind: CloudError.Kind) -> CloudError {
        let message = String(fault.message.prefix(1_000))
        return CloudError(
            kind, cloudCode: String(fault.code.prefix(100)),
            message: message.isEmpty ? "Google refused it without a word" : message)
    }

    /// The zone in "The zone 'projects/p/zones/us-central1-a' does not have enough resources".
    private static func zone(in sentence: String) -> String? {
        guard let start = sentence.firstRange(of: "/zones/") else { return nil }
        let name = sentence[start.upperBound...].prefix {
            $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")
        }
        return GoogleAddress.isName(String(name)) ? String(name) : nil
    }
}
