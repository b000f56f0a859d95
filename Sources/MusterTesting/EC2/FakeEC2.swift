import MusterCore
public import MusterRuntime

/// EC2's Query API, and what is needed of the Security Token Service, on the loopback address.
///
/// It checks signatures, honours client tokens, keeps instances and templates, gives pages, runs out of capacity, and
/// does wrong what a test tells it or a seed draws. One serves all regions: signatures name them.
public final class FakeEC2: Sendable {
    /// The key that signatures must be made with; no secret of anybody's.
    public static let accessKeyID = "AKIAFAKEFAKEFAKEFAKE"
    /// The secret of it.
    public static let secretAccessKey = "fake/secret/key/of/the/fake/and/nobody/else"

    /// The environment of a program that uses the fake's key.
    public static let environment = [
        "AWS_ACCESS_KEY_ID": accessKeyID, "AWS_SECRET_ACCESS_KEY": secretAccessKey,
        "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent",
    ]

    let state: Locked<FakeEC2State>
    let clock: any WallClock
    private let server: Locked<LoopbackServer?>

    /// Starts a fake.
    ///
    /// - Parameters:
    ///   - clock: what its tokens, its listing delay and the moments of signatures go by.
    ///   - seed: what its chances are drawn from.
    public init(clock: any WallClock = SystemClock(), seed: UInt64 = 1) throws {
        self.clock = clock
        state = Locked(FakeEC2State(seed: seed))
        server = Locked(nil)
        let started = try LoopbackServer { [weak self] request in self?.answer(request) ?? .hangUp }
        server.withLock { $0 = started }
    }

    /// Where it answers.
    public var url: String { server.withLock { $0 }?.url() ?? "" }

    /// How often an action was asked for, whatever came of it.
    public func calls(_ action: String) -> Int { state.withLock { $0.calls[action] ?? 0 } }

    /// How often anything was asked for.
    public var allCalls: Int { state.withLock { $0.calls.values.reduce(0, +) } }

    /// What it did wrong so far.
    public var dealt: DealtFaults { state.withLock { $0.dealt } }

    /// Calls whose signature was wrong.
    public var badSignatures: Int { state.withLock { $0.badSignatures } }

    /// All instances, in the order in which they were made; those that are gone included.
    public var instances: [FakeEC2Instance] {
        state.withLock { state in state.order.compactMap { state.instances[$0] } }
    }

    /// The names of the launch templates.
    public var templates: [String] { state.withLock { $0.templates.keys.sorted() } }

    /// The next calls of an action ("*": of any) go wrong in this way, one after the other.
    public func next(_ action: String, _ faults: FakeEC2Fault...) {
        state.withLock { $0.faults[action, default: []] += faults }
    }

    /// From now on things go wrong by chance.
    public func set(_ chances: FakeEC2Chances) { state.withLock { $0.chances = chances } }

    /// There are only so many more of `type/zone`, or of `market/type/zone`; nil: any number.
    public func set(capacity: Int?, of offering: String) {
        state.withLock { $0.capacity[offering] = capacity }
    }

    /// Names a subnet and its zone.
    public func add(subnet: String, zone: String) { state.withLock { $0.subnets[subnet] = zone } }

    /// How many instances a page has at most.
    public func set(page: Int) { state.withLock { $0.page = page } }

    /// How long an instance is there before it is listed, and how long it boots.
    public func set(listingDelay: Duration, bootTime: Duration = .zero) {
        state.withLock {
            $0.listingDelay = listingDelay
            $0.bootTime = bootTime
        }
    }

    /// For how long a client token is known.
    public func set(tokenMemory: Duration) { state.withLock { $0.tokenMemory = tokenMemory } }

    /// What a repeated CreateFleet answers beside the fleet's id: the first one's errors, or nothing.
    public func set(replaysErrors: Bool) { state.withLock { $0.replaysErrors = replaysErrors } }

    /// What a repeated RunInstances answers whose instances have ended: an error, or these instances.
    public func set(refusesEnded: Bool) { state.withLock { $0.refusesEnded = refusesEnded } }

    /// Whose the key is.
    public func set(account: String) { state.withLock { $0.account = account } }

    /// The tags of a launch template, by the names that `templates` gives.
    public func tags(ofTemplate template: String) -> [String: String] {
        state.withLock { $0.templates[template]?.tags ?? [:] }
    }

    /// Actions that the key may not do.
    public func deny(_ actions: String...) { state.withLock { $0.denied.formUnion(actions) } }

    /// Changes an instance: what happens to it by itself.
    public func change(_ id: String, _ body: @Sendable (inout FakeEC2Instance) -> Void) {
        state.withLock { state in
            guard var instance = state.instances[id] else { return }
            body(&instance)
            state.instances[id] = instance
        }
    }

    /// Takes a spot instance back.
    public func interrupt(_ id: String) {
        change(id) {
            $0.state = "terminated"
            $0.reason = "Server.SpotInstanceTermination: Spot instance termination"
        }
    }

    /// Makes an instance that nobody launched through the API.
    @discardableResult
    public func addInstance(region: String, type: String = "t3.micro", tags: [String: String]) -> String {
        let now = clock.now()
        return state.withLock { state in
            let id = state.nextID("i-")
            return state.make(
                FakeEC2Instance(
                    id: id, region: region, image: "ami-0", type: type, zone: "\(region)a", subnet: "",
                    isSpot: false, state: "running", tags: tags, userData: "", launchedAt: now))
        }
    }

    /// Makes a launch template older.
    public func age(template: String, by time: Duration) {
        state.withLock { state in
            guard let made = state.templates[template]?.madeAt else { return }
            state.templates[template]?.madeAt = made - time
        }
    }
}
