import MusterCore

/// The names of what EC2 sells, as this provider's errors use them.
struct AWSOffering: Codable, Hashable, Sendable {
    var market: AWSMarket
    var type: String
    /// The zone; where only a subnet is known, that; where nothing is, the region.
    var place: String
    var region: String
    var subnet: String?

    /// `spot/c5.large/us-east-1a`
    var name: String { "\(market.rawValue)/\(type)/\(place)" }

    /// `quota/spot/standard/us-east-1`: EC2 counts vCPUs by market, class of types and region.
    var quota: String { "quota/\(market.rawValue)/\(Self.quotaClass(type))/\(region)" }

    /// The offering as decisions know it.
    var offering: Offering {
        Offering(name: name, scopes: [quota] + (subnet.map { ["subnet/\($0)"] } ?? []))
    }

    /// What errors of a call for it are about.
    var errorPlace: AWSErrorTable.Place {
        .init(offering: name, quota: quota, subnet: subnet.map { "subnet/\($0)" } ?? quota)
    }

    /// The class of types that share a quota ("Amazon EC2 instance type quotas").
    static func quotaClass(_ type: String) -> String {
        let family = type.prefix { $0 != "." }
        if family.hasPrefix("u-") || family.hasPrefix("u7") { return "high-memory" }
        let letters = String(family.prefix { $0.isLetter })
        switch letters {
        case "a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z": return "standard"
        case "g", "gr", "vt": return "g-vt"
        default: return letters.isEmpty ? "other" : letters
        }
    }
}
