import MusterCore

/// A market, a machine type and a zone.
struct GoogleOffering: Hashable, Sendable {
    /// How a machine is paid for.
    enum Market: String, Hashable, Sendable { case spot, standard }

    var market: Market
    var machineType: String
    var zone: String

    /// As errors of capacity name it: `spot/n2-standard-4/us-central1-a`.
    var name: String { "\(market.rawValue)/\(machineType)/\(zone)" }

    init(market: Market, machineType: String, zone: String) {
        self.market = market
        self.machineType = machineType
        self.zone = zone
    }

    /// Reads a name; nil when it is none.
    init?(name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let market = Market(rawValue: parts[0]) else { return nil }
        self.init(market: market, machineType: parts[1], zone: parts[2])
    }
}
