public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// Runs each instance as an Azure virtual machine.
///
/// One call makes a machine with its disks, interface and address, and one removes them all. The machine's name is
/// the worker's, and what makes a repeat harmless.
public final class AzureProvider: CloudProvider {
    public let kind = "azure"
    public var id: ProviderID { configuration.id }
    public var timing: ProviderTiming {
        ProviderTiming(
            callDeadline: CloudPolicy.azureCallDeadline, lookUpDelay: CloudPolicy.azureLookUpDelay,
            repeatWindow: CloudPolicy.azureRepeatWindow)
    }
    /// The resource group, which is listed as one, with machines of all locations.
    public var realms: [Realm] { [Realm(id: configuration.resourceGroup)] }
    /// The resource group of its subscription; both are told by the settings alone.
    public func place() async throws(CloudError) -> String? { configuration.place }
    /// What became of the calls so far.
    public var callFigures: [CallFigures] { api.client.figures }

    let configuration: AzureConfiguration
    let api: AzureAPI
    let inventory: SharedReading<AzureInventory>
    private let memory = AzureMemory()
    let power: AzurePower
    let failures: FailedMachines
    let parts: AzureParts
    let machineIDs: AzureMachineIDs
    let identity: AzureIdentity

    /// Makes a provider; nothing is called before the first need.
    ///
    /// - Parameter client: what its calls go through; its owner shuts it down.
    /// - Throws: the first problem with the configuration.
    public init(
        configuration: AzureConfiguration, client: PacedClient, clock: any WallClock, log: Log
    ) throws(Problem) {
        if let problem = configuration.problems.first { throw problem }
        self.configuration = configuration
        let api = AzureAPI(configuration, client: client, clock: clock)
        self.api = api
        let log = log.with(["provider": configuration.id.rawValue])
        inventory = SharedReading(clock: clock, age: CloudPolicy.azureListAge) {
            () async throws(CloudError) in
            try await AzureInventory.read(api)
        }
        power = AzurePower(api, log: log)
        failures = FailedMachines(api)
        parts = AzureParts(api, log: log)
        let machineIDs = AzureMachineIDs(api: api, inventory: inventory)
        self.machineIDs = machineIDs
        identity = AzureIdentity(
            subscriptions: [configuration.subscription], domains: configuration.endpoints.attestation
        ) { worker, group async throws(Problem) in
            try await machineIDs.id(of: worker, in: group)
        }
    }

    public func problems(in content: Document) -> [Problem] { AzureContent.read(content).problems }

    public func offerings(of content: Document) -> [Offering] {
        let (content, problems) = AzureContent.read(content)
        return problems.isEmpty ? [content.offering] : []
    }

    /// The page of the portal with what the machine writes while it boots.
    public func output(of instanceID: String, in group: WorkerGroup) -> String? {
        guard WorkerID.accepts(instanceID) else { return nil }
        let path = "\(api.paths.groupPath)/providers/Microsoft.Compute/virtualMachines/\(instanceID)"
        return "\(configuration.endpoints.portal)/#@/resource\(path)/bootDiagnostics"
    }

    public func render(_ order: LaunchOrder) throws(Problem) -> String {
        let text = try AzureCall(order, configuration).text
        let worst = order.count > 0 ? order.workerID(order.count - 1).rawValue : "\(order.launchID)"
        guard worst.utf8.count <= Self.longestName else {
            throw Problem(
                .inputInvalid,
                "the machine's name \(worst) would be longer than \(Self.longestName) characters")
        }
        return text
    }

    /// What Azure takes for a Linux machine's computer name and for the resource; a worker's id is shorter.
    private static let longestName = 64

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        guard let written = AzureCall(text: call.body), written.launch == call.launchID else {
            let message = "the stored call is not one of this launch's"
            let error = CloudError(.invalidConfig, cloudCode: "stored-call", message: message)
            return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: error)])
        }
        if let error = written.misplaced(at: configuration) {
            return call.isRepeat
                ? .unclear(error)
                : .answered(
                    instances: [], refusals: [LaunchRefusal(count: written.names.count, error: error)])
        }
        return await AzureLauncher(api: api, memory: memory, parts: parts)
            .launch(written, token: call.registrationToken)
    }

    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        let finder = AzureFinder(
            api: api, inventory: inventory, memory: memory, failures: failures, parts: parts)
        return try await finder.find(launch)
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing {
        let asked = Task { [power] in await power.states() }
        let look = try await inventory.fresh()
        let powers = await asked.value
        let machines = look.machines.sorted { $0.key < $1.key }
        let conditions = await failures.conditions(of: machines.map(\.value), powers: powers)
        parts.sweep(machines: look.names)
        return Listing(
            machines.map { $0.value.instance(conditions[$0.key] ?? .unknown, power: powers[$0.key]) },
            notices: machines.compactMap {
                $0.value.notice(conditions[$0.key] ?? .unknown, power: powers[$0.key])
            })
    }

    public func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        guard let machine = try await api.machine(worker.rawValue),
            machine.tag(AzureTags.deployment) == configuration.fleet, machine.location == group.rawValue
        else { return nil }
        return machine.instance()
    }

    /// A call for each: a bounded number at once in each location, so that one that is slow delays no other.
    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        // The location is known of what was listed at any time.
        let known = inventory.last?.machines ?? [:]
        let places = Dictionary(grouping: instanceIDs.filter(WorkerID.accepts)) {
            known[$0.lowercased()]?.location ?? "global"
        }
        let round = AzureRound(api.clock)
        return await withTaskGroup(of: [(String, CloudError?)].self) { [api] group in
            for (location, ids) in places {
                group.addTask {
                    await Concurrently.map(ids, atOnce: CloudPolicy.azureCallsAtOnce) { id in
                        do throws(CloudError) {
                            try await api.delete(machine: id, in: location, within: round)
                            return (id, nil)
                        } catch {
                            return (id, error)
                        }
                    }
                }
            }
            return await group.reduce(into: [:]) { errors, answers in
                for (id, error) in answers { errors[id] = error }
            }
        }
    }

    public func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

    public func shutDown() async { await parts.stop() }
}
