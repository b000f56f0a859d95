import MusterCore

/// What a fleet is made of: several types in several zones, of which EC2 chooses.
struct FleetContent: Hashable, Sendable {
    struct Subnet: Codable, Hashable, Sendable {
        var id: String
        var zone: String
    }

    var types: [String] = []
    var subnets: [Subnet] = []
    var market = AWSMarketChoice.onDemand
    /// How EC2 chooses among spot offerings, and among others.
    var spotStrategy = "price-capacity-optimized"
    var onDemandStrategy = "lowest-price"
    /// The most that a spot instance may cost in an hour, in dollars.
    var maxPrice: String?
    /// The instances, as RunInstances and launch templates describe them.
    var template: [Document.Member] = []

    /// Reads the member `fleet`; problems go to the reader.
    init(_ reader: DocumentReader) {
        types = reader.strings("instanceTypes", limit: 100) ?? []
        if types.isEmpty { reader.refuse("instanceTypes", "must name at least one instance type") }
        if let wrong = types.first(where: { !Self.isType($0) }) {
            reader.refuse("instanceTypes", "\(JSONText.quoted(String(wrong.prefix(40)))) is no instance type")
        }
        if Set(types).count < types.count { reader.refuse("instanceTypes", "must name no type twice") }
        for element in reader.list("subnets", limit: 100) ?? [] {
            let subnet = reader.element(element)
            if let id = subnet.string("id", limit: 100), let zone = subnet.string("zone", limit: 40) {
                // EC2 takes one subnet of a zone in a call, and names zones in its errors.
                if subnets.contains(where: { $0.zone == zone }) {
                    subnet.refuse("zone", "is that of another subnet")
                }
                subnets.append(Subnet(id: id, zone: zone))
            } else {
                reader.refuse(element, "must have an id and a zone")
            }
            subnet.refuseUnknown()
        }
        if subnets.isEmpty { reader.refuse("subnets", "must name at least one subnet and its zone") }
        if types.count * subnets.count > Self.mostOverrides {
            reader.refuse("instanceTypes", "types times subnets must be at most \(Self.mostOverrides)")
        }
        market = reader.choice("market", AWSMarketChoice.self) ?? .onDemand
        let strategies = reader.object("allocationStrategy")
        spotStrategy =
            Self.strategy("spot", strategies, Self.spotStrategies) ?? "price-capacity-optimized"
        onDemandStrategy = Self.strategy("onDemand", strategies, Self.onDemandStrategies) ?? "lowest-price"
        strategies.refuseUnknown()
        maxPrice = reader.string("maxPrice", limit: 20)
        if let maxPrice, Double(maxPrice).map({ $0 > 0 && $0.isFinite }) != true {
            reader.refuse("maxPrice", "must be a number of dollars in quotes, such as \"0.05\"")
        }
        template = InstanceBody.members("template", of: reader, refusing: InstanceBody.notInTemplates)
        reader.refuseUnknown()
    }

    /// Every type in every subnet, in the order written.
    func offerings(in region: String, market: AWSMarket) -> [AWSOffering] {
        types.flatMap { type in
            subnets.map {
                AWSOffering(market: market, type: type, place: $0.zone, region: region, subnet: $0.id)
            }
        }
    }

    /// What EC2 takes in one call.
    private static let mostOverrides = 300
    private static let spotStrategies = [
        "price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "diversified",
        "lowest-price",
    ]
    private static let onDemandStrategies = ["lowest-price", "prioritized"]

    private static func strategy(_ name: String, _ reader: DocumentReader, _ known: [String]) -> String? {
        guard let text = reader.string(name) else { return nil }
        guard known.contains(text) else {
            reader.refuse(name, "must be one of \(known.joined(separator: ", "))")
            return nil
        }
        return text
    }

    private static func isType(_ text: String) -> Bool {
        text.utf8.count <= 40 && text.contains(".")
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (48...57).contains(byte)
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
    }
}
