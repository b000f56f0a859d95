/// How instances are paid for.
enum AWSMarket: String, Codable, CaseIterable, Hashable, Sendable {
    case spot
    case onDemand = "on-demand"
}

/// The markets that a fleet is asked of, one after the other.
enum AWSMarketChoice: String, CaseIterable, Hashable, Sendable {
    case spot
    case onDemand = "on-demand"
    case spotThenOnDemand = "spot-then-on-demand"

    var markets: [AWSMarket] {
        switch self {
        case .spot: [.spot]
        case .onDemand: [.onDemand]
        case .spotThenOnDemand: [.spot, .onDemand]
        }
    }
}
