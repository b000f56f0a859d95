public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// Runs instances on Amazon EC2, each of its regions a realm of its own.
public final class AWSProvider: CloudProvider {
    public let kind = "aws"
    public var id: ProviderID { configuration.id }
    public var timing: ProviderTiming {
        ProviderTiming(
            callDeadline: CloudPolicy.awsLaunchDeadline, lookUpDelay: CloudPolicy.awsLookUpDelay,
            repeatWindow: CloudPolicy.awsRepeatWindow)
    }
    public var realms: [Realm] {
        configuration.regions.map { Realm(id: $0, group: WorkerGroup(rawValue: $0)) }
    }
    /// It is not told.
    public func place() async throws(CloudError) -> String? { nil }

    let configuration: AWSConfiguration
    private let calls: EC2Calls
    private let checks: AWSChecks
    private let templates: LaunchTemplates
    private let listing: FleetListing
    private let lookUps: LaunchLookUps
    private let launcher: InstanceLauncher

    /// Makes a provider; nothing is asked before the first call.
    ///
    /// - Parameters:
    ///   - client: makes the calls for credentials; its owner shuts it down.
    ///   - paced: makes all others; of the same client.
    public init(
        configuration: AWSConfiguration, client: HTTPClient, paced: PacedClient, clock: any WallClock,
        log: Log
    ) {
        self.configuration = configuration
        let log = log.with(["provider": configuration.id.rawValue])
        let region = configuration.regions.first ?? "us-east-1"
        let chain = AWSCredentialChain(
            configuration.credentials, environment: configuration.environment,
            tokenService: SecurityTokenService(
                client: client, clock: clock, region: region, endpoint: configuration.sts(region)))
        let credentials = chain.expiring(clock: clock)
        calls = EC2Calls(paced, configuration, credentials, clock: clock)
        checks = AWSChecks(
            configuration: configuration, calls: calls, credentials: credentials, client: client, clock: clock
        )
        templates = LaunchTemplates(configuration, calls, clock: clock, log: log)
        listing = FleetListing(
            configuration: configuration, calls: calls, status: StatusLook(calls, clock: clock, log: log))
        lookUps = LaunchLookUps(calls, clock: clock)
        launcher = InstanceLauncher(calls: calls, templates: templates, clock: clock)
    }

    /// What became of its calls.
    public var callFigures: [CallFigures] { calls.figures }

    public func problems(in content: Document) -> [Problem] {
        AWSContent.read(content, configuration).problems
    }

    public func offerings(of content: Document) -> [Offering] {
        AWSContent.read(content, configuration).content?.offerings.map(\.offering) ?? []
    }

    public func output(of instanceID: String, in group: WorkerGroup) -> String? {
        guard let (region, id) = Self.parts(instanceID) else { return nil }
        return "\(AWSEndpoint.console(region))/ec2/home?region=\(region)#InstanceDetails:instanceId=\(id)"
    }

    public func render(_ order: LaunchOrder) throws(Problem) -> String {
        try AWSRendering(configuration: configuration).body(order).text()
    }

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        guard let body = AWSLaunchBody(text: call.body), body.launch == call.launchID else {
            let message = "the stored call is not one of this launch's"
            let error = CloudError(.invalidConfig, cloudCode: "MalformedLaunch", message: message)
            return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: error)])
        }
        return await launcher.launch(body)
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing {
        let found = try await listing.list(realm.id)
        await templates.care(for: realm.id)
        return found
    }

    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        guard let body = AWSLaunchBody(text: launch.body) else {
            throw CloudError(
                .unknown, cloudCode: "MalformedLaunch", message: "the stored call cannot be read")
        }
        switch await lookUps.instances(of: launch.id, in: body.region) {
        case .success(let found):
            let instances = found.filter(listing.isOurs).map {
                $0.instance(
                    in: body.region,
                    offering: body.offering(market: $0.market, type: $0.type, zone: $0.zone))
            }
            return LaunchFinding(instances: instances)
        case .failure(let failure): throw failure.error()
        }
    }

    public func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        guard configuration.regions.contains(group.rawValue), Self.isInstanceID(worker.rawValue) else {
            return nil
        }
        var form = QueryForm("DescribeInstances")
        form.set("InstanceId", [worker.rawValue])
        do throws(EC2Failure) {
            let body = try await calls.send(form, in: group.rawValue)
            let found = try EC2Instance.described(in: body).first { $0.id == worker.rawValue }
            guard let found, listing.isOurs(found) else { return nil }
            return found.instance(in: group.rawValue)
        } catch {
            let error = error.error()
            if error.kind == .notFound || error.kind == .invalidConfig { return nil }
            throw error
        }
    }

    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try configuration.identity.prove(claim)
    }

    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? {
        guard let body = AWSLaunchBody(text: launch.body) else { return nil }
        let facts = identity.facts
        if let region = facts["region"], region != body.region {
            return "it runs in \(region), and its launch was for \(body.region)"
        }
        if let image = facts["image"], let wanted = body.image, image != wanted, wanted.hasPrefix("ami-") {
            return "its image is \(image), and its launch's is \(wanted)"
        }
        let types = Set(body.offerings.map(\.type))
        if let type = facts["type"], !types.isEmpty, !types.contains(type) {
            return "its type is \(type), which its launch did not ask for"
        }
        return nil
    }

    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        var regions: [String: [String]] = [:]
        for instance in instanceIDs {
            // Nothing of another form can be one of EC2's.
            guard let (region, id) = Self.parts(instance) else { continue }
            regions[region, default: []].append(id)
        }
        return await withTaskGroup(of: [String: CloudError].self) { group in
            for (region, ids) in regions {
                group.addTask { [calls] in
                    let errors = await InstanceTermination(calls: calls).terminate(ids, in: region)
                    return Dictionary(uniqueKeysWithValues: errors.map { ("\(region)/\($0.key)", $0.value) })
                }
            }
            var all: [String: CloudError] = [:]
            for await errors in group { all.merge(errors) { first, _ in first } }
            return all
        }
    }

    public func check() async -> [ProviderFinding] { await checks.run() }

    public func validate(_ content: Document) async -> [ProviderFinding] {
        await AWSValidation(configuration: configuration, calls: calls).findings(content)
    }

    /// EC2 tells nothing by itself on this way.
    public func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

    /// The clients are others' to end.
    public func shutDown() async {}

    /// The region and the id of "us-east-1/i-0abc".
    private static func parts(_ instanceID: String) -> (region: String, id: String)? {
        let parts = instanceID.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, AWSConfiguration.isRegion(parts[0]), isInstanceID(parts[1]) else {
            return nil
        }
        return (parts[0], parts[1])
    }

    private static func isInstanceID(_ text: String) -> Bool {
        text.hasPrefix("i-") && (4...40).contains(text.utf8.count)
            && text.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}
