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

    let configuration: AWSConfiguration
    let account: AccountLook
    let calls: EC2Calls
    private let checks: AWSChecks
    private let templates: LaunchTemplates
    private let listing: FleetListing
    private let lookUps: LaunchLookUps
    private let launcher: InstanceLauncher
    let asides: AsideTasks

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
        let tokenService = SecurityTokenService(configuration, client: client, clock: clock)
        let chain = AWSCredentialChain(
            configuration.credentials, environment: configuration.environment, tokenService: tokenService)
        let credentials = chain.expiring(clock: clock)
        account = AccountLook(tokenService, credentials)
        calls = EC2Calls(paced, configuration, credentials, clock: clock)
        checks = AWSChecks(
            configuration: configuration, calls: calls, credentials: credentials, tokenService: tokenService,
            client: client, clock: clock)
        templates = LaunchTemplates(configuration, calls, clock: clock, log: log)
        asides = AsideTasks(clock: clock)
        listing = FleetListing(
            configuration: configuration, calls: calls, status: StatusLook(calls, clock: clock, log: log),
            asides: asides, clock: clock)
        lookUps = LaunchLookUps(configuration, calls, clock: clock)
        launcher = InstanceLauncher(calls: calls, lookUps: lookUps, templates: templates, clock: clock)
    }

    /// The account of the credentials; nil where no token service knows them.
    public func place() async throws(CloudError) -> String? {
        configuration.hasTokenService ? try await account.account() : nil
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
        return await launcher.launch(body, isRepeat: call.isRepeat)
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing {
        let region = realm.id
        let found = try await listing.list(region)
        asides.begin("templates/\(region)", within: CloudPolicy.awsTemplateCareDeadline) { [templates] in
            await templates.care(for: region)
        }
        return found
    }

    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        guard let body = AWSLaunchBody(text: launch.body) else {
            throw CloudError(
                .unknown, cloudCode: "MalformedLaunch", message: "the stored call cannot be read")
        }
        switch await lookUps.instances(of: launch.id, in: body.region) {
        case .success(let found):
            let instances = found.map {
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
            let answer = try await calls.send(form, in: group.rawValue)
            let found = try EC2Instance.all(at: EC2Instance.path, in: answer).first {
                $0.id == worker.rawValue
            }
            guard let found, configuration.owns(found) else { return nil }
            return found.instance(in: group.rawValue)
        } catch {
            let error = error.error()
            if error.kind == .notFound || error.kind == .invalidConfig { return nil }
            throw error
        }
    }

    public func check() async -> [ProviderFinding] { await checks.run() }

    public func validate(_ content: Document) async -> [ProviderFinding] {
        await AWSValidation(configuration: configuration, calls: calls).findings(content)
    }

    /// EC2 tells nothing by itself on this way.
    public func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

    /// The clients are others' to end.
    public func shutDown() async { asides.cancel() }

    /// The region and the id of "us-east-1/i-0abc".
    static func parts(_ instanceID: String) -> (region: String, id: String)? {
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
