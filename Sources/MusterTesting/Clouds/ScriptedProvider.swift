public import MusterClouds
public import MusterCore
public import MusterHTTP
public import MusterRuntime

/// A provider that does as a test tells it, and remembers what it was asked.
public final class ScriptedProvider: CloudProvider {
    /// What it does with a launch.
    public enum Behaviour: Sendable {
        /// Gives every instance, running at once.
        case gives
        /// Gives every instance, pending: it boots until the test says otherwise.
        case boots
        /// Gives so many instances, running at once, and refuses the rest.
        case givesOnly(Int, CloudError)
        /// Refuses every instance of these launch configs, and gives all others, running at once.
        case refusesOf([LaunchConfigID: CloudError])
        /// Refuses every instance.
        case refuses(CloudError)
        /// Starts the instances, but the answer is lost.
        case losesAnswer
        /// Takes the call and works on it: nothing is there until the test says so.
        case accepts
        /// Answers nothing until the call is cancelled.
        case hangs
    }

    struct State {
        var behaviour = Behaviour.gives
        var listingFails = false
        var figures: [CallFigures] = []
        var realms = [Realm(id: "everywhere")]
        var place: Result<String?, CloudError> = .success("the first place")
        var deadRealms: Set<String> = []
        var unseen: [WorkerGroup: CloudError] = [:]
        var notices: [InstanceNotice] = []
        var underWay: Set<LaunchID> = []
        var refusals: [LaunchID: [LaunchRefusal]] = [:]
        var facts: [WorkerID: [String: String]] = [:]
        var offerings: [String: [Offering]] = [:]
        var givenAs: String?
        var outputs: String?
        var instances: [String: Instance] = [:]
        var calls: [LaunchCall] = []
        var terminated: [String] = []
        var hints: [AsyncStream<Void>.Continuation] = []
        var arrivals: [AsyncStream<ContinuousClock.Instant>.Continuation] = []
    }

    public let id: ProviderID
    public let kind = "scripted"
    public let timing: ProviderTiming
    private let clock: any WallClock
    let state = Locked(State())

    /// Makes a provider that gives whatever is asked for.
    public init(
        _ id: ProviderID = ProviderID(rawValue: "scripted"), clock: any WallClock,
        timing: ProviderTiming = ProviderTiming(
            callDeadline: .seconds(25), lookUpDelay: .seconds(40), repeatWindow: .seconds(3_600))
    ) {
        self.id = id
        self.clock = clock
        self.timing = timing
    }

    /// Tells it what to do from now on.
    public func behave(_ behaviour: Behaviour) { state.withLock { $0.behaviour = behaviour } }

    /// Tells it whether listings fail from now on.
    public func failListings(_ fails: Bool) { state.withLock { $0.listingFails = fails } }

    /// Tells it what it says of its calls.
    public func counts(_ figures: [CallFigures]) { state.withLock { $0.figures = figures } }

    /// Tells it what launch configs can be launched as, by the names in their contents.
    public func sell(_ offerings: [String: [Offering]]) { state.withLock { $0.offerings = offerings } }

    /// Tells it which offering the instances are that it gives from now on; nil for not to say.
    public func give(as offering: String?) { state.withLock { $0.givenAs = offering } }

    /// Tells it the folder of the instances' outputs; nil for none.
    public func keepOutputs(in folder: String?) { state.withLock { $0.outputs = folder } }

    /// The calls it got, in order.
    public var calls: [LaunchCall] { state.withLock { $0.calls } }

    /// The moments at which calls arrive from now on, by the machine's own clock.
    public func arrivals() -> AsyncStream<ContinuousClock.Instant> {
        AsyncStream { continuation in state.withLock { $0.arrivals.append(continuation) } }
    }

    /// How many different instances it ever started.
    public var started: Int { state.withLock { $0.instances.count } }

    /// The instances that are there.
    public var living: [Instance] {
        state.withLock { $0.instances.values.filter { $0.state != .gone } }.sorted { $0.id < $1.id }
    }

    /// The instances that it was asked to end, in order, repeats included.
    public var terminated: [String] { state.withLock { $0.terminated } }

    /// Changes an instance as if by itself.
    public func change(_ id: String, to newState: Instance.State, detail: String? = nil) {
        let hints = state.withLock { state in
            state.instances[id]?.state = newState
            state.instances[id]?.detail = detail
            if newState == .running { state.instances[id]?.startedAt = clock.now() }
            return state.hints
        }
        for hint in hints { hint.yield() }
    }

    /// Makes an instance that nobody asked for.
    public func plant(_ instance: Instance) { state.withLock { $0.instances[instance.id] = instance } }

    /// Forgets an instance, as clouds do some time after its end.
    public func forget(_ id: String) { state.withLock { $0.instances[id] = nil } }

    public func problems(in content: Document) -> [Problem] {
        guard case .object = content.value else { return [Problem(.inputInvalid, "must be an object")] }
        guard content["invalid"] == nil else {
            return [Problem(.inputInvalid, "is not allowed", field: "invalid")]
        }
        return []
    }

    public func offerings(of content: Document) -> [Offering] {
        guard case .string(let name)? = content["name"]?.value else { return [] }
        return state.withLock { $0.offerings[name] ?? [] }
    }

    public func output(of instanceID: String, in group: WorkerGroup) -> String? {
        state.withLock { $0.outputs }.map { "\($0)/\(group)/\(instanceID)" }
    }

    public func render(_ order: LaunchOrder) throws(Problem) -> String {
        "\(order.launchID) \(order.launchConfigID) \(order.count)"
    }

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        let arrival = ContinuousClock.now
        let (behaviour, arrivals) = state.withLock { state in
            state.calls.append(call)
            return (state.behaviour, state.arrivals)
        }
        for stream in arrivals { stream.yield(arrival) }
        switch behaviour {
        case .gives: return .answered(instances: start(call, .running), refusals: [])
        case .boots: return .answered(instances: start(call, .pending), refusals: [])
        case .givesOnly(let most, let error):
            let given = Array(start(call, .running, most: most))
            let refused = count(call) - given.count
            return .answered(
                instances: given, refusals: refused > 0 ? [LaunchRefusal(count: refused, error: error)] : [])
        case .refusesOf(let errors):
            guard let config = call.body.split(separator: " ").dropFirst().first,
                let error = errors[LaunchConfigID(rawValue: String(config))]
            else { return .answered(instances: start(call, .running), refusals: []) }
            return .answered(instances: [], refusals: [LaunchRefusal(count: count(call), error: error)])
        case .refuses(let error):
            return .answered(instances: [], refusals: [LaunchRefusal(count: count(call), error: error)])
        case .losesAnswer:
            _ = start(call, .running)
            return .unclear(CloudError(.network, cloudCode: "reset", message: "the connection was reset"))
        case .accepts:
            state.withLock { _ = $0.underWay.insert(call.launchID) }
            return .accepted
        case .hangs:
            try? await Task.sleep(for: .seconds(3_600))
            return .unclear(CloudError(.network, cloudCode: "hung", message: "no answer came"))
        }
    }

    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        state.withLock { $0.terminated += instanceIDs }
        return [:]
    }

    public func changes() -> AsyncStream<Void> {
        AsyncStream { continuation in state.withLock { $0.hints.append(continuation) } }
    }

    public func shutDown() async {
        let (hints, arrivals) = state.withLock { ($0.hints, $0.arrivals) }
        for hint in hints { hint.finish() }
        for arrival in arrivals { arrival.finish() }
    }

    private func count(_ call: LaunchCall) -> Int {
        call.body.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    /// A repeat with the same launch id gives the instances that are there already.
    private func start(
        _ call: LaunchCall, _ instanceState: Instance.State, most: Int = .max
    ) -> [Instance] {
        state.withLock { state in
            (0..<min(count(call), most)).map { index in
                let name = "\(call.launchID)-\(index)"
                if let known = state.instances[name] { return known }
                let instance = Instance(
                    id: name, launchID: call.launchID, group: WorkerGroup(rawValue: "here"),
                    workerID: WorkerID(rawValue: name), state: instanceState,
                    startedAt: instanceState == .running ? clock.now() : nil, offering: state.givenAs)
                state.instances[name] = instance
                return instance
            }
        }
    }
}

extension ScriptedProvider {
    /// Waits until it has been asked to end so many instances.
    public func terminated(_ count: Int) async {
        while terminated.count < count { await Task.yield() }
    }

    /// Waits until it has got so many calls.
    public func called(_ count: Int) async {
        while calls.count < count { await Task.yield() }
    }
}
