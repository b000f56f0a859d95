import MusterCore

/// Where operations are listed: those of one zone, or of one region.
enum GoogleScope: Hashable, Sendable {
    case zone(String)
    case region(String)

    /// Its part of an address.
    var path: String {
        switch self {
        case .zone(let zone): "zones/\(GoogleAddress.escaped(zone))"
        case .region(let region): "regions/\(GoogleAddress.escaped(region))"
        }
    }

    /// The region.
    var region: String {
        switch self {
        case .zone(let zone): GoogleAddress.region(ofZone: zone)
        case .region(let region): region
        }
    }
}
