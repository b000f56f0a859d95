public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// Runs each instance as a process on this machine, in a folder of its own.
///
/// A process outlives Muster and is found again: by its record on disk and by the tag in its environment. No
/// name is ever started twice, whenever Muster ends and however often a launch is repeated.
public final class LocalProvider: CloudProvider {
    /// Where all local workers are.
    public static let group = WorkerGroup(rawValue: "local")

    /// The machine is listed as a whole.
    static let realm = Realm(id: "machine")

    /// What errors of capacity name.
    static let machine = Offering(name: "local")

    public let kind = "local"
    public var id: ProviderID { configuration.id }
    /// What a call started is listed at once, and a repeat is recognised as long as there is a record.
    public var timing: ProviderTiming {
        ProviderTiming(
            callDeadline: CloudPolicy.localCallDeadline, lookUpDelay: CloudPolicy.localLookUpDelay,
            repeatWindow: configuration.retention)
    }

    public var realms: [Realm] { [Self.realm] }
    /// There is one machine that this is.
    public func place() async throws(CloudError) -> String? { nil }

    private let configuration: LocalProviderConfiguration
    private let users: AllowedUsers
    private let changeSignal = ChangeSignal()
    private let fleet: LocalFleet

    /// Makes a provider; nothing is touched before the first call.
    public init(configuration: LocalProviderConfiguration, clock: any WallClock, log: Log) {
        self.configuration = configuration
        users = AllowedUsers(names: configuration.allowedUsers)
        fleet = LocalFleet(
            configuration, users: users, clock: clock,
            log: log.with(["provider": configuration.id.rawValue]), changes: changeSignal)
    }

    public func problems(in content: Document) -> [Problem] {
        LocalContent.read(content, users: users).problems
    }

    /// The machine is the only thing that can run out.
    public func offerings(of content: Document) -> [Offering] { [Self.machine] }

    public func output(of instanceID: String, in group: WorkerGroup) -> String? {
        guard WorkerID.accepts(instanceID) else { return nil }
        return InstanceFolder(base: configuration.folder, name: WorkerID(rawValue: instanceID)).log
    }

    public func render(_ order: LaunchOrder) throws(Problem) -> String {
        try LocalCall(order, users: users).text
    }

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        guard let written = LocalCall(text: call.body), written.launch == call.launchID else {
            let message = "the stored call is not one of this launch's"
            let error = CloudError(.invalidConfig, cloudCode: "EBADMSG", message: message)
            return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: error)])
        }
        return await fleet.launch(written, token: call.registrationToken)
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing {
        do throws(SystemError) {
            return Listing(try await fleet.list())
        } catch {
            throw CloudError(error)
        }
    }

    /// What a call started is there when it returns.
    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        do throws(SystemError) {
            return LaunchFinding(instances: try await fleet.instances(of: launch.id))
        } catch {
            throw CloudError(error)
        }
    }

    public func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        guard group == Self.group else { return nil }
        return try await list(Self.realm).instances.first { $0.workerID == worker }
    }

    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try TokenProof.prove(claim)
    }

    /// A token is one worker's alone, and its launch's.
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }

    public var callFigures: [CallFigures] { [] }

    public func check() async -> [ProviderFinding] {
        do throws(CloudError) {
            let running = try await list(Self.realm).instances.filter { $0.state != .gone }.count
            return [
                ProviderFinding("folder", .good, "\(configuration.folder): \(running) instances run")
            ]
        } catch {
            return [
                ProviderFinding(
                    "folder", .bad, error.message,
                    remedy: "make \(configuration.folder) readable and writable")
            ]
        }
    }

    /// What can be wrong is seen without asking anybody.
    public func validate(_ content: Document) async -> [ProviderFinding] { [] }

    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        await fleet.terminate(instanceIDs)
    }

    public func changes() -> AsyncStream<Void> {
        let stream = changeSignal.stream()
        // A look around watches the instances that are there already.
        Task { [fleet] in _ = try? await fleet.list() }
        return stream
    }

    public func shutDown() async { await fleet.stop() }
}
