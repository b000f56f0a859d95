public import MusterClouds
public import MusterCore
public import MusterRuntime
public import MusterStore

/// What every part of the engine works with.
public struct EngineContext: Sendable {
    /// The only truth, for reading; what changes it is `write`.
    public let store: any ReadableStore
    /// Where instances run, by name.
    public let providers: [ProviderID: any CloudProvider]
    /// Where the time comes from.
    public let clock: any WallClock
    /// Where lines about the work go.
    public let log: Log
    /// The constants.
    public let policy: EnginePolicy
    /// The name of this process, unique among all that work on the store.
    public let holder: String
    /// What all secrets are derived from.
    public let masterKey: MasterKey
    /// Where workers reach this service; known once it listens.
    public let serviceURL: @Sendable () -> String
    /// Where demand comes from that is not in the queue.
    public let sources: any TaskSourceReading
    /// The rules of the time zones by which pools' windows open.
    public let timeZones: TimeZoneFiles
    /// Whether workers can call this process: a scheduled run is not there for long enough.
    public let answersWorkers: Bool
    /// Notices when the machine's clock is set.
    let clockWatch: ClockWatch
    let clockSettlement: ClockSettlement
    /// Whether providers are pointed at where their instances are.
    let places: ProviderPlaces
    /// This process among those that work on the store.
    let presence: Presence

    private let steps: DurableSteps
    private let chance: Locked<SeededGenerator>

    /// Makes a context. `seed` decides everything that is left to chance.
    ///
    /// - Parameter holder: the name of this process, which nobody has beside it.
    public init(
        store: any Store, providers: [any CloudProvider], clock: any WallClock, log: Log,
        policy: EnginePolicy,
        holder: String, masterKey: MasterKey, seed: UInt64,
        sources: any TaskSourceReading = NoTaskSources(), answersWorkers: Bool = true,
        facts: ReplicaFacts = ReplicaFacts(), timeZoneFolder: String = TimeZoneFiles.usualFolder,
        serviceURL: @escaping @Sendable () -> String
    ) {
        self.store = store
        steps = DurableSteps(store)
        self.providers = Dictionary(uniqueKeysWithValues: providers.map { ($0.id, $0) })
        places = ProviderPlaces(self.providers, store, steps, clock, policy)
        self.clock = clock
        self.log = log
        self.policy = policy
        self.holder = holder
        self.masterKey = masterKey
        self.serviceURL = serviceURL
        self.sources = sources
        timeZones = TimeZoneFiles(timeZoneFolder, clock: clock, log: log)
        self.answersWorkers = answersWorkers
        let process = facts.incarnation.isEmpty ? holder : "\(holder).\(facts.incarnation)"
        clockWatch = ClockWatch(clock, tolerance: policy.clockTolerance)
        clockSettlement = ClockSettlement(
            clockWatch, tolerance: policy.clockTolerance, by: process, steps: steps, log: log)
        let reachable = providers.map(\.id).sorted()
        presence = Presence(
            clock, leaseTime: policy.leaseTime, startedAt: clockWatch.record.steadySince, steps: steps,
            settlement: clockSettlement, log: log
        ) { number in
            Replica(
                id: "\(process).\(number)", name: holder, role: answersWorkers ? .service : .run,
                host: facts.host, pid: facts.pid, address: answersWorkers ? serviceURL() : "",
                version: facts.version, providers: reachable)
        }
        chance = Locked(SeededGenerator(seed: seed))
    }

    /// What launch configs can be launched as.
    var offerings: OfferingLook { OfferingLook(providers) }

    /// Where instances' outputs are.
    var outputs: InstanceOutputs { InstanceOutputs(providers) }

    /// Writes, as the store's `write` does, and comes to a durable step.
    func write<Result: Sendable>(
        in scope: WriteScope, reaching point: FaultPoint,
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await steps.write(in: scope, reaching: { _ in point }, body)
    }

    /// The same when it depends on what the write did which step it was, or whether it was one.
    func write<Result: Sendable>(
        in scope: WriteScope, reaching point: (Result) -> FaultPoint?,
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await steps.write(in: scope, reaching: point, body)
    }

    /// Since when there has been somebody to be contacted, by a clock that nobody has set since: deadlines of
    /// workers do not run before.
    public var attendedSince: Timestamp {
        let own = presentSince
        guard let attended = presence.last?.attendedSince, attended < own else { return own }
        let record = clockWatch.record
        return record.timesSet == 0 ? attended : max(attended, record.steadySince)
    }

    /// Since when this process itself has been there, by a clock that nobody has set since.
    var presentSince: Timestamp {
        let steady = clockWatch.record.steadySince
        return presence.presentSince.map { max($0, steady) } ?? steady
    }

    /// How long an answer of a provider is waited for: no longer than a lease that was just renewed holds, with as
    /// much again for it to be renewed late.
    func callDeadline(of provider: any CloudProvider) -> Duration {
        min(provider.timing.callDeadline, policy.leaseTime / 2)
    }

    /// Makes sure, in a write whose scope covers the lease's, that it still holds.
    ///
    /// - Throws: `Problem` `lease-lost`; `unavailable` when this process judges by another time than the store.
    func require(
        _ lease: Lease, lasting time: Duration = .zero, in transaction: any WriteTransaction
    ) async throws {
        try requireAgreement(with: try await transaction.require(lease, lasting: time))
    }

    /// Makes sure that this process goes by the same time as the store does: when the store's clock has been
    /// set and this process does not know of it yet, it would judge by a time that nobody else has.
    func requireAgreement(with store: Timestamp) throws(Problem) {
        let difference = clock.now() - store
        guard difference > policy.clockTolerance || difference < .zero - policy.clockTolerance else { return }
        throw Problem(
            .unavailable,
            "the store's clock differs by \(difference.inSeconds) s from what this process goes by: nothing is "
                + "judged before that is cleared up")
    }

    /// Uses the generator of chance.
    func withChance<Result: Sendable>(_ body: (inout SeededGenerator) throws -> Result) rethrows -> Result {
        var generator = chance.withLock { generator in
            // Each user gets a sequence of its own, so that the lock is never held over a decision.
            SeededGenerator(seed: generator.next())
        }
        return try body(&generator)
    }

    /// The delay before a failing loop runs again: doubled each time, with full jitter above half of it.
    func delay(afterFailures failures: Int) -> Duration {
        let doubled = policy.failureDelay * (1 << min(failures - 1, 10))
        let bounded = min(doubled, policy.failureDelayLimit)
        return withChance { bounded * Double.random(in: 0.5...1, using: &$0) }
    }
}
