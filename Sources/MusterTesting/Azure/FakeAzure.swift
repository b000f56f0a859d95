public import MusterClouds
public import MusterCore
import MusterCrypto
public import MusterRuntime

/// Speaks Azure's wire format on the loopback address: the directory, the metadata service, the resource manager
/// and Resource Graph, with faults where a test wants them.
///
/// Creations and deletions take their time by the clock they are given. One resource group of one subscription.
public final class FakeAzure: Sendable {
    /// How it behaves.
    public struct Settings: Sendable {
        /// How long a machine is made.
        public var creationTime: Duration = .zero
        /// How long one is removed.
        public var deletionTime: Duration = .zero
        /// Elements of a page.
        public var pageSize = 50
        /// What goes wrong.
        public var faults = AzureFaults()
        /// Places without room: "eastus", "eastus/2", or a size.
        public var exhausted: Set<String> = []
        /// Machines that there may be; more are refused for their quota.
        public var quota = Int.max
        /// The secret that the directory takes.
        public var secret = "a-client-secret"
        /// The certificate whose key signs assertions, in PEM.
        public var certificate: String?
        /// The token of another issuer that it takes.
        public var federatedToken = "a-federated-token"
        /// What apps show to their identity endpoint.
        public var identityHeader = "an-identity-header"
        /// Seconds for which tokens hold.
        public var tokenLife = 3_599
        /// Calls that are answered with status 429 before others are served.
        public var throttleNext = 0
        /// Seconds of `Retry-After`.
        public var retryAfter = 1
        /// The page of every list that fails, from 0.
        public var failingPage: Int?
        /// Whether Resource Graph answers.
        public var hasGraph = true
        /// How late Resource Graph hears of what machines do.
        public var graphLag: Duration = .zero
        /// Machines and parts, by their names in small letters, whose deletion is refused for ever, as by a lock.
        public var locked: Set<String> = []
        /// Machines, by their names in small letters, whose instance views cannot be read.
        public var unreadable: Set<String> = []
        /// How long an interface that is left behind is kept for its machine.
        public var interfaceReservation: Duration = .zero
        /// How wrong its clock is.
        public var skew: Duration = .zero
        /// What the identity may do.
        public var actions = ["*"]
        /// How long each answer is held back, in microseconds of real time.
        public var delay: UInt32 = 0

        /// A cloud in which all goes well.
        public init() {}
    }

    struct State {
        var settings: Settings
        var chance: SeededGenerator
        /// By their names in small letters.
        var machines: [String: FakeMachine] = [:]
        /// Machines that are being made or removed.
        var busy: Set<String> = []
        /// The parts of each machine, and the operations on it.
        var partsOf: [String: Set<String>] = [:]
        var operationsOf: [String: [String]] = [:]
        var parts: [String: FakePart] = [:]
        var operations: [String: Operation] = [:]
        var tokens: [String: Timestamp] = [:]
        var counts: [String: Int] = [:]
        var made: [String: Int] = [:]
        /// How many of these are to fail.
        var failed: [String: Int] = [:]
        var dealt = DealtFaults()
        var leftBehind = 0
        var serial = 0
    }

    struct Operation {
        var machine: String
        var isDeletion: Bool
        var outcome: FakeMachine.State?
    }

    /// The subscription that it has.
    public static let subscription = "11111111-2222-3333-4444-555555555555"
    /// The resource group that it has.
    public static let resourceGroup = "workers"
    /// The tenant of its directory.
    public static let tenant = "99999999-8888-7777-6666-555555555555"
    /// The application, or identity, that it knows.
    public static let client = "00000000-aaaa-bbbb-cccc-000000000000"

    let clock: any WallClock
    let state: Locked<State>
    private let server: Locked<LoopbackServer?> = Locked(nil)

    /// Serves on a free port.
    public init(clock: any WallClock, seed: UInt64 = 1, settings: Settings = Settings()) throws {
        self.clock = clock
        state = Locked(State(settings: settings, chance: SeededGenerator(seed: seed)))
        let served = try LoopbackServer { [weak self] request in self?.reply(to: request) ?? .hangUp }
        server.withLock { $0 = served }
    }

    /// Its address.
    public var base: String { server.withLock { $0 }?.url("") ?? "" }

    /// Where its parts are.
    public var endpoints: AzureEndpoints {
        var endpoints = AzureEndpoints()
        (endpoints.management, endpoints.login, endpoints.audience, endpoints.metadata) = (
            base, base, base, base
        )
        return endpoints
    }

    /// A configuration for it, with its client's secret.
    public func configuration(
        id: ProviderID = ProviderID(rawValue: "azure"), fleet: String = "fleet-a",
        credential: AzureCredential? = nil, environment: [String: String] = [:]
    ) -> AzureConfiguration {
        let secret = Secret(state.withLock { $0.settings.secret })
        return AzureConfiguration(
            id: id, fleet: fleet, subscription: Self.subscription, resourceGroup: Self.resourceGroup,
            credential: credential
                ?? .clientSecret(tenant: Self.tenant, client: Self.client) { () throws(Problem) in secret },
            endpoints: endpoints, environment: environment)
    }

    /// Changes how it behaves from now on.
    public func change(_ body: (inout Settings) -> Void) { state.withLock { body(&$0.settings) } }

    /// Its machines, as they are now.
    public var machines: [FakeMachine] {
        state.withLock { state in
            advance(&state)
            return state.machines.values.sorted { $0.name < $1.name }
        }
    }

    /// Its disks, interfaces and addresses, as they are now.
    public var parts: [FakePart] {
        state.withLock { state in
            advance(&state)
            return state.parts.values.sorted { $0.id < $1.id }
        }
    }

    /// How often each kind of call was carried out, such as "PUT machine" or "LIST machines".
    public var counts: [String: Int] { state.withLock { $0.counts } }

    /// How often machines were made under each name.
    public var made: [String: Int] { state.withLock { $0.made } }

    /// How often a machine of each name failed while it was made.
    public var failed: [String: Int] { state.withLock { $0.failed } }

    /// How many parts machines have left behind so far, those included that are gone since.
    public var leftBehind: Int { state.withLock { $0.leftBehind } }

    /// What it did wrong so far.
    public var dealt: DealtFaults { state.withLock { $0.dealt } }

    /// Azure takes a spot machine back: it is halted, or removed.
    public func evict(_ name: String) {
        let name = name.lowercased()
        state.withLock { state in
            advance(&state)
            guard let machine = state.machines[name] else { return }
            let policy = text(machine.body["properties"]?["evictionPolicy"])
            if policy == "Delete" {
                remove(name, &state)
            } else {
                state.machines[name]?.become(machine.state, power: "deallocated", at: clock.uptime())
            }
        }
    }

    /// What Azure did with a machine has failed: a change, an extension, or that it tells of its boot. It may run
    /// all the same; with no power state it does not, or nobody could ask its host.
    public func fail(_ name: String, code: String, power: String? = "running") {
        state.withLock { state in
            advance(&state)
            let failed = FakeMachine.State.failed(code: code, message: "\(code): see its instance view.")
            state.machines[name.lowercased()]?.become(failed, power: power, at: clock.uptime())
        }
    }

    /// Somebody removes a machine by hand.
    public func vanish(_ name: String) { state.withLock { remove(name.lowercased(), &$0) } }

    /// Somebody removes a machine by hand, and one of its parts stays behind.
    public func vanishButForPart(_ name: String) {
        state.withLock { remove(name.lowercased(), leavingPart: true, &$0) }
    }

    /// A machine, with a disk, that somebody else has made.
    public func addStranger(_ name: String, tags: [String: String] = [:]) {
        state.withLock { state in
            let body: Document = .object([
                "location": .string("eastus"),
                "tags": Document(
                    .object(tags.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
                "properties": .object(["hardwareProfile": .object(["vmSize": .string("Standard_B1s")])]),
            ])
            state.machines[name.lowercased()] = FakeMachine(
                name: name, body: body, state: .succeeded, power: "running", vmID: "stranger-\(name)",
                createdAt: clock.now(), at: clock.uptime())
            addPart("Microsoft.Compute/disks", "\(name)-os", tags: tags, of: name, &state)
        }
    }

    /// A part without a machine.
    public func addPart(_ type: String, _ name: String, tags: [String: String]) {
        state.withLock { addPart(type, name, tags: tags, of: nil, &$0) }
    }

    /// Tokens that were given hold no longer.
    public func revokeTokens() { state.withLock { $0.tokens = [:] } }

    func addPart(
        _ type: String, _ name: String, tags: [String: String], of machine: String?,
        interface: String? = nil, _ state: inout State
    ) {
        let id = Self.id(of: name, type)
        state.parts[id.lowercased()] = FakePart(
            id: id, type: type, tags: tags, machine: machine, interface: interface)
        if let machine { state.partsOf[machine.lowercased(), default: []].insert(id.lowercased()) }
    }

    static func id(of name: String, _ type: String) -> String { "\(groupPath)/providers/\(type)/\(name)" }

    static var groupPath: String { "/subscriptions/\(subscription)/resourceGroups/\(resourceGroup)" }
}
