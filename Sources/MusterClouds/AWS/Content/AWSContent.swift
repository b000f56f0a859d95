import MusterCore

/// The content of an AWS launch config.
///
/// It has one of two forms: `launchConfig` is the body of a RunInstances call, one type in one place, as the
/// configs of older worker managers have it; `fleet` leaves EC2 the choice among types and zones.
struct AWSContent: Sendable {
    enum Form: Sendable {
        case instances([Document.Member])
        case fleet(FleetContent)
    }

    var region: String
    var form: Form
    /// What the body says of tags.
    var tagSpecifications: [Document]
    var userData: AWSUserData

    /// Reads a launch config's content and says all that is wrong with it; the content is nil when it cannot even
    /// be guessed.
    static func read(
        _ content: Document, _ configuration: AWSConfiguration
    ) -> (content: AWSContent?, problems: [Problem]) {
        let reader = DocumentReader(content)
        let region = reader.string("region", limit: 40)
        if let region {
            if !configuration.regions.contains(region) {
                reader.refuse(
                    "region",
                    "must be one of the provider's regions: \(configuration.regions.joined(separator: ", "))")
            }
        } else {
            reader.refuse("region", "must name a region, such as us-east-1")
        }
        // Read by Muster itself, or of an older form: one capacity is that of `workerManager`.
        reader.ignore("capacityPerInstance", "workerManager")
        let userData = AWSUserData(reader)
        let form: Form?
        let body: Document?
        switch (reader.has("launchConfig"), reader.has("fleet")) {
        case (true, false):
            form = .instances(
                InstanceBody.members("launchConfig", of: reader, refusing: InstanceBody.own))
            body = content["launchConfig"]
        case (false, true):
            form = .fleet(FleetContent(reader.object("fleet")))
            body = content["fleet"]?["template"]
        default:
            reader.refuse(
                "launchConfig", "there must be one of launchConfig (the body of RunInstances) and fleet")
            form = nil
            body = nil
        }
        reader.refuseUnknown()
        guard let region, let form else { return (nil, reader.found) }
        let tags = InstanceBody.elements(body?["TagSpecifications"])
        return (
            AWSContent(region: region, form: form, tagSpecifications: tags, userData: userData), reader.found
        )
    }

    /// What it can be launched as.
    var offerings: [AWSOffering] {
        switch form {
        case .instances(let members): [Self.offering(of: members, in: region)]
        case .fleet(let fleet): fleet.market.markets.flatMap { fleet.offerings(in: region, market: $0) }
        }
    }

    /// The image that the body names.
    var image: String? {
        switch form {
        case .instances(let members): Self.text("ImageId", members)
        case .fleet(let fleet): Self.text("ImageId", fleet.template)
        }
    }

    /// The only offering of a RunInstances body.
    private static func offering(of members: [Document.Member], in region: String) -> AWSOffering {
        let body = Document(.object(members))
        let isSpot = InstanceBody.text(body["InstanceMarketOptions"]?["MarketType"]) == "spot"
        let interface = InstanceBody.elements(body["NetworkInterfaces"]).first
        let subnet = text("SubnetId", members) ?? InstanceBody.text(interface?["SubnetId"])
        let zone = InstanceBody.text(body["Placement"]?["AvailabilityZone"])
        return AWSOffering(
            market: isSpot ? .spot : .onDemand,
            // What EC2 takes where nothing is said.
            type: text("InstanceType", members) ?? "m1.small", place: zone ?? subnet ?? region,
            region: region,
            subnet: subnet)
    }

    private static func text(_ name: String, _ members: [Document.Member]) -> String? {
        InstanceBody.text(members.first { $0.name == name }?.document)
    }
}
