public import MusterClouds
public import MusterCore
public import MusterHTTP
import MusterRuntime

/// What it shows to those who look: the test tells it what.
extension ScriptedProvider {
    public var realms: [Realm] { state.withLock { $0.realms } }
    /// What `move` said last.
    public func place() async throws(CloudError) -> String? { try state.withLock { $0.place }.get() }

    /// Points it elsewhere, or where nobody can tell.
    public func move(to place: Result<String?, CloudError>) { state.withLock { $0.place = place } }

    /// Divides it into realms, one for each group; before the engine begins.
    public func divide(into groups: [WorkerGroup]) {
        state.withLock { $0.realms = groups.map { Realm(id: $0.rawValue, group: $0) } }
    }

    /// Tells it which of its realms answer nothing from now on, by their names.
    public func silence(_ realms: Set<String>) { state.withLock { $0.deadRealms = realms } }

    /// Tells it which groups it cannot see from now on.
    public func hide(_ groups: [WorkerGroup: CloudError]) { state.withLock { $0.unseen = groups } }

    /// Tells it what to say of instances from now on.
    public func give(_ notices: [InstanceNotice]) { state.withLock { $0.notices = notices } }

    /// Puts an instance of a launch that it has accepted in place; it is still at the launch.
    public func bring(_ instance: Instance) { plant(instance) }

    /// Ends its work on a launch, of which it refuses so many.
    public func finish(_ launch: LaunchID, refusals: [LaunchRefusal] = []) {
        state.withLock { state in
            state.underWay.remove(launch)
            state.refusals[launch] = refusals
        }
    }

    /// Tells it what a worker's proof shows beside its name.
    public func vouch(_ facts: [String: String], for worker: WorkerID) {
        state.withLock { $0.facts[worker] = facts }
    }

    public func list(_ realm: Realm) async throws(CloudError) -> Listing {
        let state = state.withLock { $0 }
        if state.deadRealms.contains(realm.id) {
            try? await Task.sleep(for: .seconds(3_600))
        }
        if state.listingFails {
            throw CloudError(.transient, cloudCode: "503", message: "the listing failed")
        }
        let seen = state.instances.values.filter { instance in
            state.unseen[instance.group] == nil && (realm.group.map { $0 == instance.group } ?? true)
        }
        return Listing(Array(seen), unseen: state.unseen, notices: state.notices)
    }

    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        let state = state.withLock { $0 }
        if state.listingFails {
            throw CloudError(.transient, cloudCode: "503", message: "the listing failed")
        }
        return LaunchFinding(
            instances: state.instances.values.filter { $0.launchID == launch.id }.sorted { $0.id < $1.id },
            refusals: state.refusals[launch.id] ?? [], isUnderWay: state.underWay.contains(launch.id))
    }

    public func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        let state = state.withLock { $0 }
        if state.listingFails {
            throw CloudError(.transient, cloudCode: "503", message: "the listing failed")
        }
        return state.instances.values.first { $0.workerID == worker && $0.group == group }
    }

    /// A worker proves itself by its token, or by a proof whose member `signed` is true: then the provider
    /// vouches for what the test has told it, of the worker that the proof's member `worker` names, if it is there.
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        guard claim.proof["signed"]?.value == .boolean(true) else { return try TokenProof.prove(claim) }
        var worker = claim.worker
        if case .string(let name)? = claim.proof["worker"]?.value { worker = WorkerID(rawValue: name) }
        return ProvenIdentity(worker: worker, facts: state.withLock { $0.facts[worker] ?? [:] })
    }

    /// A fact `launch` must be the launch's id.
    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? {
        guard let told = identity.facts["launch"], told != launch.id.rawValue else { return nil }
        return "it is of another launch"
    }

    public var callFigures: [CallFigures] { state.withLock { $0.figures } }

    public func check() async -> [ProviderFinding] {
        let fails = state.withLock { $0.listingFails }
        return [
            fails
                ? ProviderFinding("listing", .bad, "the listing failed", remedy: "wait until it works again")
                : ProviderFinding("listing", .good, "instances can be listed")
        ]
    }

    public func validate(_ content: Document) async -> [ProviderFinding] {
        problems(in: content).map { ProviderFinding($0.field ?? "content", .bad, $0.message) }
    }
}
