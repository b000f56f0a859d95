public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// Runs each instance as a virtual machine of Google's Compute Engine.
public final class GoogleProvider: CloudProvider {
    public let kind = "google"
    public var id: ProviderID { configuration.id }
    public var timing: ProviderTiming {
        ProviderTiming(
            callDeadline: GooglePolicy.callDeadline, lookUpDelay: GooglePolicy.lookUpDelay,
            repeatWindow: GooglePolicy.repeatWindow)
    }
    /// A project is listed as a whole, since Google tells by itself which zones it could not see.
    public var realms: [Realm] { [Realm(id: configuration.project)] }
    /// The project, which the settings tell.
    public func place() async throws(CloudError) -> String? { configuration.project }

    let configuration: GoogleProviderConfiguration
    let api: GoogleAPI
    let inventory: GoogleInventory
    let clock: any WallClock
    let identity: GoogleIdentity
    private let paced: PacedClient
    private let launcher: GoogleLauncher
    private let finder: GoogleFinder
    private let changeSignal = ChangeSignal()

    /// Makes a provider; nothing is called before it is asked something.
    ///
    /// - Parameters:
    ///   - client: what its calls are made with; it stays its owner's to shut down.
    ///   - seed: what chance begins with: it spreads waits.
    /// - Throws: the first problem with the configuration.
    public init(
        configuration: GoogleProviderConfiguration, client: HTTPClient, clock: any WallClock, seed: UInt64
    ) throws(Problem) {
        if let problem = configuration.problems.first { throw problem }
        self.configuration = configuration
        self.clock = clock
        paced = PacedClient(client, clock: clock, seed: seed)
        api = GoogleAPI(configuration, client: paced, clock: clock)
        identity = GoogleIdentity(
            keys: PublishedKeys(url: configuration.endpoints.identityKeys, client: client, clock: clock),
            projects: [configuration.project],
            serviceAccounts: Set([configuration.workerServiceAccount].compactMap { $0 }))
        inventory = GoogleInventory(api: api, fleet: configuration.fleet)
        launcher = GoogleLauncher(api, clock: clock)
        finder = GoogleFinder(api, fleet: configuration.fleet, launcher: launcher, clock: clock)
    }

    /// What became of its calls, by kind.
    public var callFigures: [CallFigures] { paced.figures }

    public func problems(in content: Document) -> [Problem] { GoogleContent.read(content).problems }

    public func offerings(of content: Document) -> [Offering] {
        GoogleContent.read(content).content?.offerings ?? []
    }

    /// The page of the console with the instance's first serial port.
    public func output(of instanceID: String, in group: WorkerGroup) -> String? {
        guard let place = GoogleInstancePath(instanceID) else { return nil }
        let project = GoogleAddress.escaped(configuration.project)
        return "https://console.cloud.google.com/compute/instancesDetail/zones/\(place.zone)/instances/"
            + "\(place.name)/console?port=1&project=\(project)"
    }

    public func render(_ order: LaunchOrder) throws(Problem) -> String {
        try GoogleLaunch(order, configuration).text
    }

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        guard let launch = GoogleLaunch(text: call.body), launch.id == call.launchID else {
            return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: Self.notOurs)])
        }
        if let elsewhere = elsewhere(launch) {
            // What may have been sent there is for those who look there.
            return call.isRepeat
                ? .unclear(elsewhere)
                : .answered(
                    instances: [], refusals: [LaunchRefusal(count: launch.count, error: elsewhere)])
        }
        return await launcher.launch(launch)
    }

    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        guard let call = GoogleLaunch(text: launch.body), call.id == launch.id else { throw Self.notOurs }
        if let elsewhere = elsewhere(call) { throw elsewhere }
        return try await finder.find(call, plannedAt: launch.plannedAt)
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing { try await inventory.all() }

    public func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        guard GoogleAddress.isNumber(worker.rawValue), GoogleAddress.isName(group.rawValue) else {
            return nil
        }
        return try await inventory.instance(number: worker.rawValue, zone: group.rawValue)
    }

    /// Nothing tells of changes but a listing.
    public func changes() -> AsyncStream<Void> { changeSignal.stream() }

    public func shutDown() async { changeSignal.finish() }

    /// Why nothing can be said of a launch that went to another project than the one that is looked at.
    private func elsewhere(_ launch: GoogleLaunch) -> CloudError? {
        guard let project = launch.project, project != configuration.project else { return nil }
        return CloudError(
            .invalidConfig, cloudCode: "another-project",
            message: "the launch is for the project \(project), and the provider \(id) is set to "
                + "\(configuration.project): set it back until nothing of it is left")
    }

    private static var notOurs: CloudError {
        CloudError(
            .invalidConfig, cloudCode: "not-a-launch", message: "the stored call is not one of this launch's")
    }
}
