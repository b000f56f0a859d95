import Glibc
import MusterClouds
import MusterCore
import MusterCrypto
import MusterEngine
import MusterEvents
import MusterHTTP
import MusterRuntime
import MusterStore

/// The parts of a service, put together from its configuration; nothing runs yet.
struct ServiceParts {
    let store: any Store
    let engine: Engine
    let context: EngineContext
    let fleet: String
    let sinks: [any EventSink]
    private let client: HTTPClient
    let providers: [any CloudProvider]
    /// Where workers reach the service; set once it listens.
    let serviceURL: Locked<String>

    /// Opens the state folder and everything in it.
    ///
    /// - Throws: `Problem` `store-held` when another process has it.
    static func open(
        _ configuration: Configuration, purpose: Purpose = .service, policy: EnginePolicy? = nil,
        program: WorkerProgramCommand, environment: [String: String], log: Log,
        waiting patience: Duration = ServicePolicy.holderPatience
    ) async throws -> ServiceParts {
        if purpose != .lookingOnly { try Folder.make(configuration.state, mode: 0o711) }
        let opened = try await OpenStore.open(
            configuration, access: purpose == .lookingOnly ? .readOnly : .readWrite, environment: environment,
            waiting: patience)
        let store = opened.store
        let clock = opened.clock
        do {
            let fleet = try await fleet(of: store)
            FaultPoint.reach(.fleetNamed)
            let client = try HTTPClient(log: log)
            let serviceURL = Locked("")
            let providers = try ProviderWiring(
                configuration: configuration, fleet: fleet, program: program, client: client,
                environment: environment, clock: clock, log: log
            ).providers()
            let facts = ReplicaFacts.own
            let name = try ReplicaName.choose(configuration, purpose, facts)
            let context = EngineContext(
                store: store, providers: providers,
                clock: clock, log: log, policy: policy ?? EnginePolicy(configuration),
                holder: name,
                masterKey: try await masterKey(configuration, purpose, environment, store),
                seed: seed(),
                sources: SourceReader(
                    SourceRules(configuration.sources, environment: environment), client: client,
                    clock: clock),
                answersWorkers: purpose == .service || purpose == .command, facts: facts,
                serviceURL: { serviceURL.withLock { $0 } })
            let sinks: [any EventSink] = configuration.eventsFile.map { [JSONLinesSink(path: $0)] } ?? []
            let engine = Engine(
                context, fleet: fleet, sinks: sinks, files: StateFiles(configuration, environment))
            return ServiceParts(
                store: store, engine: engine, context: context, fleet: fleet, sinks: sinks, client: client,
                providers: providers, serviceURL: serviceURL)
        } catch {
            await store.close()
            throw error
        }
    }

    /// Lets go of everything, the store last.
    func close() async {
        await engine.leave()
        await client.shutDown()
        await store.close()
    }

    /// What the parts are put together for.
    enum Purpose {
        /// A service, which workers call.
        case service
        /// A run from a timer: nobody is there to be called.
        case run
        /// One thing that somebody wants done while no service answers. It may be there beside the folder's
        /// service, which must keep its name.
        case command
        /// Nothing is changed.
        case lookingOnly
    }

    /// What tells this store's instances from another Muster's: made once, kept with the state.
    private static func fleet(of store: any Store) async throws -> String {
        if let known = try await store.read({ try await $0.setting(FleetSetting.name) }) { return known }
        return try await store.write(in: .named("settings")) { transaction in
            if let known = try await transaction.setting(FleetSetting.name) { return known }
            guard let bytes = SecretBytes.make(12) else {
                throw Problem(.unavailable, "the machine has no randomness to make a name from")
            }
            let fleet = Base64URL.text(bytes)
            try await transaction.set(FleetSetting.name, to: fleet)
            return fleet
        }
    }

    /// A key that many processes share is checked against the database's; who only looks changes nothing there.
    private static func masterKey(
        _ configuration: Configuration, _ purpose: Purpose, _ environment: [String: String],
        _ store: any Store
    ) async throws -> MasterKey {
        guard configuration.database.isShared, purpose != .lookingOnly else {
            return try MasterKeyFile.load(configuration.masterKey, environment: environment)
        }
        return try await SharedMasterKey.load(configuration.masterKey, environment: environment, for: store)
    }

    private static func seed() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

extension ReplicaFacts {
    /// What this process says of itself.
    fileprivate static var own: ReplicaFacts {
        var name = utsname()
        uname(&name)
        let host = withUnsafeBytes(of: &name.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return ReplicaFacts(
            host: host, pid: Int(getpid()), version: Version.text,
            incarnation: String(UInt32.random(in: 0 ... .max), radix: 36))
    }
}

/// The words that start a worker: this program itself, as it was started.
struct WorkerProgramCommand: Sendable {
    let words: [String]

    /// This executable's own path, which stays right when the folder is changed.
    static func own() throws(Problem) -> WorkerProgramCommand {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw Problem(
                .unavailable, "the program cannot find its own file: \(String(cString: strerror(errno)))")
        }
        defer { free(path) }
        return WorkerProgramCommand(words: [String(cString: path), "worker"])
    }
}

extension StateFiles {
    /// The files that the configuration names.
    fileprivate init(_ configuration: Configuration, _ environment: [String: String]) {
        let keyInEnvironment = !environment["MUSTER_MASTER_KEY", default: ""].isEmpty
        self.init(
            folder: configuration.state,
            database: configuration.database == .file ? configuration.databaseFile : nil,
            masterKey: keyInEnvironment ? nil : configuration.masterKey, socket: configuration.socket)
    }
}

extension EnginePolicy {
    /// The engine's constants, with what the configuration says.
    init(_ configuration: Configuration) {
        self.init()
        passInterval = configuration.intervals.pass
        reconcileInterval = configuration.intervals.reconcile
        leaseTime = configuration.intervals.lease
        plansKept = configuration.retention.plans
        retention.tasks = configuration.retention.tasks
        retention.workers = configuration.retention.workers
        retention.launches = configuration.retention.launches
        retention.errors = configuration.retention.errors
        retention.events = configuration.retention.events
        retention.audit = configuration.retention.audit
    }
}
