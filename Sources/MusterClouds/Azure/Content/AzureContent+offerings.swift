import MusterCore

extension AzureContent {
    /// What it can be launched as: one thing, since a machine has one size and one place.
    var offering: Offering {
        Offering(
            name: AzureOffering.name(isSpot: isSpot, size: size, location: location, zone: zone),
            scopes: isSpot
                ? [
                    AzureOffering.spot(location), AzureOffering.subnet(subnetID),
                    AzureOffering.addresses(location),
                ]
                : [
                    AzureOffering.family(size, location), AzureOffering.cores(location),
                    AzureOffering.subnet(subnetID), AzureOffering.addresses(location),
                ])
    }
}

/// How offerings, and the wider scopes whose quota may be used up, are called.
enum AzureOffering {
    static func name(isSpot: Bool, size: String, location: String, zone: String?) -> String {
        "\(isSpot ? "spot" : "regular")/\(size)/\(location)" + (zone.map { "/\($0)" } ?? "")
    }

    static func family(_ size: String, _ location: String) -> String {
        "quota/\(AzureSize.family(size))/\(location)"
    }
    static func cores(_ location: String) -> String { "quota/cores/\(location)" }
    static func spot(_ location: String) -> String { "quota/spot/\(location)" }
    static func addresses(_ location: String) -> String { "quota/public-addresses/\(location)" }
    /// Which subnet is full; its network has the only part of its id that tells it from others of that name.
    static func subnet(_ id: String) -> String {
        "subnet/"
            + id.split(separator: "/").suffix(3).filter { $0.lowercased() != "subnets" }.joined(
                separator: "/")
    }
}
