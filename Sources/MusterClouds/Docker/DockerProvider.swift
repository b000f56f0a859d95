public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// Runs each instance as a container of a Docker Engine.
///
/// A container's name is its worker's, so that the engine itself makes sure that none is started twice; its labels
/// say whose it is, and everything else is read from the engine.
public final class DockerProvider: CloudProvider {
    /// Where all containers are.
    public static let group = WorkerGroup(rawValue: "docker")

    /// What errors of capacity name: there is one engine, and its machine can be full.
    static let machine = Offering(name: "docker")

    public let kind = "docker"
    public var id: ProviderID { configuration.id }
    /// A repeat is recognised as long as what it started is kept.
    public var timing: ProviderTiming {
        ProviderTiming(
            callDeadline: CloudPolicy.dockerCallDeadline, lookUpDelay: CloudPolicy.dockerLookUpDelay,
            repeatWindow: configuration.retention)
    }
    public var realms: [Realm] { [Realm(id: "engine")] }
    /// The engine's own id; nil where it has none that stays.
    public func place() async throws(CloudError) -> String? { try await engine.identity() }

    let configuration: DockerProviderConfiguration
    let engine: DockerEngine
    let clock: any WallClock
    private let changeSignal = ChangeSignal()
    private let fleet: DockerFleet
    private let pulls: ImagePulls
    private let launches: DockerLaunches

    /// Makes a provider; nothing is called before it is asked something.
    public init(
        configuration: DockerProviderConfiguration, client: HTTPClient, clock: any WallClock, log: Log
    ) {
        let log = log.with(["provider": configuration.id.rawValue])
        let engine = DockerEngine(socket: configuration.socket, client: client)
        self.configuration = configuration
        self.engine = engine
        self.clock = clock
        fleet = DockerFleet(engine: engine, configuration: configuration, clock: clock, log: log)
        pulls = ImagePulls(engine, log: log)
        let start = ContainerStart(engine: engine, pulls: pulls, configuration: configuration, clock: clock)
        launches = DockerLaunches(start, log: log, changes: changeSignal)
    }

    public func problems(in content: Document) -> [Problem] {
        DockerContent.read(content, rules: configuration.rules).problems
    }

    public func offerings(of content: Document) -> [Offering] { [Self.machine] }

    /// What a container has written is read with `docker logs`, of which there is no address.
    public func output(of instanceID: String, in group: WorkerGroup) -> String? { nil }

    public func render(_ order: LaunchOrder) throws(Problem) -> String {
        try DockerCall(order, configuration).text
    }

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        guard let written = DockerCall(text: call.body), written.launch == call.launchID else {
            let message = "the stored call is not one of this launch's"
            let error = CloudError(.invalidConfig, cloudCode: "EBADMSG", message: message)
            return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: error)])
        }
        let task = await launches.begin(written, token: call.registrationToken)
        return await Deadline.run(within: CloudPolicy.dockerLaunchPatience, clock: clock) {
            await task.value
        } late: {
            // It goes on: an image is being fetched, or the disk is busy.
            .accepted
        }
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing {
        Listing(try await fleet.look(underWay: await launches.ids))
    }

    /// A container that was made and not started is nothing yet: this launch is about to start it, or a repeat does.
    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        let before = await launches.standing(of: launch.id)
        let found = try await fleet.list(of: launch.id)
        // Asked before the engine was: what has ended since is looked at again.
        return LaunchFinding(
            instances: found, refusals: before.refusals, isUnderWay: before.isUnderWay)
    }

    public func instance(
        of worker: WorkerID, in group: WorkerGroup
    ) async throws(CloudError) -> Instance? {
        guard group == Self.group else { return nil }
        return try await fleet.list().first { $0.workerID == worker }
    }

    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try TokenProof.prove(claim)
    }

    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }

    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        await fleet.terminate(instanceIDs)
    }

    /// The engine is on this machine, and its calls are few: nothing is counted.
    public var callFigures: [CallFigures] { [] }

    /// Tells when a launch has ended; that a container has is found by the next listing.
    public func changes() -> AsyncStream<Void> { changeSignal.stream() }

    public func shutDown() async {
        changeSignal.finish()
        await launches.stop()
        await pulls.stop()
    }
}
