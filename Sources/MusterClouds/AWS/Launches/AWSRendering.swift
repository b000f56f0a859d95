import MusterCore
import MusterCrypto

/// Writes launches: pure, the same order gives the same bytes, and no secret is in them.
struct AWSRendering: Sendable {
    let configuration: AWSConfiguration

    /// The launch that an order asks for.
    ///
    /// - Throws: the first problem with the order's content.
    func body(_ order: LaunchOrder) throws(Problem) -> AWSLaunchBody {
        let (content, problems) = AWSContent.read(order.content, configuration)
        if let problem = problems.first { throw problem }
        guard let content else { throw Problem(.inputInvalid, "the launch config has no content") }
        var body = AWSLaunchBody(
            launch: order.launchID, region: content.region, count: order.count, image: content.image,
            offerings: content.offerings)
        switch content.form {
        case .instances(let members):
            let userData = try content.userData.rendered(own(order, content.region, ofLaunch: true))
            body.runs = chunks(order).map { token, count in
                let form = run(members, content, order, token: token, count: count, userData: userData)
                return AWSLaunchBody.Run(form: form.text, count: count)
            }
        case .fleet(let fleet):
            let template = try template(fleet, content, order)
            body.template = template
            body.fleets = chunks(order).map { token, count in
                AWSLaunchBody.FleetPart(
                    count: count,
                    calls: fleet.market.markets.map { market in
                        let form = self.fleet(fleet, content, order, template.name, market, token: token)
                        return AWSLaunchBody.Fleet(market: market, form: form.text)
                    })
            }
        }
        return body
    }

    /// RunInstances for a trial: without a token, for one instance.
    func trial(_ content: AWSContent, _ members: [Document.Member]) -> QueryForm {
        var form = QueryForm("RunInstances")
        form.set(members: members)
        form.set("MinCount", 1)
        form.set("MaxCount", 1)
        form.set("DryRun", "true")
        return form
    }

    /// The order in calls of at most so many instances, each with a token of its own; the first one's is the
    /// launch's id.
    private func chunks(_ order: LaunchOrder) -> [(token: String, count: Int)] {
        stride(from: 0, to: max(order.count, 1), by: CloudPolicy.mostInstancesPerCall).enumerated().map {
            index, start in
            let token = index == 0 ? order.launchID.rawValue : "\(order.launchID)-\(index + 1)"
            return (token, min(CloudPolicy.mostInstancesPerCall, order.count - start))
        }
    }

    /// Muster's members of the user data. What many launches share names none of them.
    private func own(_ order: LaunchOrder, _ region: String, ofLaunch: Bool) -> [Document.Member] {
        var muster = [
            Document.Member("capacity", Document(.integer(Int64(order.capacityPerInstance)))),
            Document.Member("deployment", Document(.string(configuration.fleet))),
        ]
        if ofLaunch { muster.append(.init("launchId", Document(.string(order.launchID.rawValue)))) }
        return [
            .init("launchConfigId", Document(.string(order.launchConfigID.rawValue))),
            .init("muster", Document(.object(muster))),
            .init("providerId", Document(.string(configuration.id.rawValue))),
            .init("rootUrl", Document(.string(order.serviceURL))),
            .init("workerGroup", Document(.string(region))),
            .init("workerPoolId", Document(.string(order.poolID.rawValue))),
        ]
    }

    private func run(
        _ members: [Document.Member], _ content: AWSContent, _ order: LaunchOrder, token: String, count: Int,
        userData: String
    ) -> QueryForm {
        var form = QueryForm("RunInstances")
        form.set(members: members)
        let isSpot = content.offerings.first?.market == .spot
        // A worker that shuts its machine down means that it is done with it.
        if !isSpot, !members.contains(where: { $0.name == "InstanceInitiatedShutdownBehavior" }) {
            form.set("InstanceInitiatedShutdownBehavior", "terminate")
        }
        form.set("MinCount", 1)
        form.set("MaxCount", count)
        form.set("ClientToken", token)
        form.set("UserData", userData)
        tag(&form, content, order, ofLaunch: true, resources: ["instance", "volume"])
        return form
    }

    /// The template of a fleet: its name is made of what is in it, so that making it twice makes one, and a config
    /// that changes gets another.
    private func template(
        _ fleet: FleetContent, _ content: AWSContent, _ order: LaunchOrder
    ) throws(Problem) -> AWSLaunchBody.Template {
        var data = QueryForm("CreateLaunchTemplate")
        let prefix = "LaunchTemplateData."
        data.set(members: fleet.template, in: prefix)
        if !fleet.template.contains(where: { $0.name == "InstanceInitiatedShutdownBehavior" }),
            fleet.market == .onDemand
        {
            data.set("\(prefix)InstanceInitiatedShutdownBehavior", "terminate")
        }
        if !fleet.template.contains(where: { $0.name == "MetadataOptions" }) {
            data.set("\(prefix)MetadataOptions.HttpTokens", "required")
        }
        data.set(
            "\(prefix)UserData", try content.userData.rendered(own(order, content.region, ofLaunch: false)))
        tag(&data, content, order, ofLaunch: false, resources: ["instance", "volume"], in: prefix)
        let name = "muster-\(SHA256.hex(configuration.fleet + "\n" + data.text).prefix(32))"
        data.set("LaunchTemplateName", name)
        data.tag(
            1, "launch-template",
            ResourceTags.merged(
                configuration.tags.map { ($0.key, $0.value) },
                ResourceTags.tags(configuration, order, ofLaunch: false)))
        return AWSLaunchBody.Template(name: name, form: data.text)
    }

    private func fleet(
        _ fleet: FleetContent, _ content: AWSContent, _ order: LaunchOrder, _ template: String,
        _ market: AWSMarket, token: String
    ) -> QueryForm {
        var form = QueryForm("CreateFleet")
        form.set("Type", "instant")
        form.set("ClientToken", "\(token)-\(market.rawValue)")
        let config = "LaunchTemplateConfigs.1"
        form.set("\(config).LaunchTemplateSpecification.LaunchTemplateName", template)
        form.set("\(config).LaunchTemplateSpecification.Version", "1")
        let isInOrder = fleet.onDemandStrategy == "prioritized" || fleet.spotStrategy.hasSuffix("prioritized")
        for (index, offering) in fleet.offerings(in: content.region, market: market).enumerated() {
            let override = "\(config).Overrides.\(index + 1)"
            form.set("\(override).InstanceType", offering.type)
            form.set("\(override).SubnetId", offering.subnet ?? "")
            // Said twice, so that errors name it.
            form.set("\(override).AvailabilityZone", offering.place)
            if isInOrder { form.set("\(override).Priority", index / fleet.subnets.count) }
            if market == .spot, let price = fleet.maxPrice { form.set("\(override).MaxPrice", price) }
        }
        switch market {
        case .spot: form.set("SpotOptions.AllocationStrategy", fleet.spotStrategy)
        case .onDemand: form.set("OnDemandOptions.AllocationStrategy", fleet.onDemandStrategy)
        }
        form.set("TargetCapacitySpecification.DefaultTargetCapacityType", market.rawValue)
        tag(&form, content, order, ofLaunch: true, resources: ["instance"])
        let own = ResourceTags.merged(
            configuration.tags.map { ($0.key, $0.value) },
            ResourceTags.tags(configuration, order, ofLaunch: true))
        form.tag(2, "fleet", own)
        return form
    }

    /// Tags of what a call makes: the config's, the provider's, and Muster's, which are never anybody else's. Other
    /// kinds of resources get what the config says of them.
    private func tag(
        _ form: inout QueryForm, _ content: AWSContent, _ order: LaunchOrder, ofLaunch: Bool,
        resources: [String], in path: String = ""
    ) {
        let own = ResourceTags.tags(configuration, order, ofLaunch: ofLaunch)
        let others =
            resources == ["instance"]
            ? [] : InstanceBody.resources(content.tagSpecifications).filter { !resources.contains($0) }
        for (index, resource) in (resources + others).enumerated() {
            let given = InstanceBody.tags(content.tagSpecifications, for: resource)
            let tags =
                resources.contains(resource)
                ? ResourceTags.merged(
                    [("Name", order.poolID.rawValue)], configuration.tags.map { ($0.key, $0.value) }, given,
                    own)
                : ResourceTags.merged(given)
            form.tag(index + 1, resource, tags, in: path)
        }
    }
}
