public import MusterCore

/// Muster itself: `Decision.plan`, asked with what the engine would read from its store.
public struct MusterPolicy: SimulatedPolicy {
    public let name = "muster"
    public let passes = PassTiming(
        interval: SimulatorPolicy.passInterval, gap: SimulatorPolicy.passGap)
    public let dispatch = Dispatch.busyLast

    private static let pool = PoolID(rawValue: "simulated/pool")
    private static let group = WorkerGroup(rawValue: "simulated")

    private var health: [Health]
    /// Which launch configs are suspended, each for good: nobody resumes them in a simulation.
    private var isSuspended: [Bool]
    private let suspendAfter: Int
    private var offerings: OfferingMemory
    /// What was asked for within the brake's window, and its sum.
    private var asked: [(at: Timestamp, instances: Int)] = []
    private var askedInstances = 0
    /// Until when the cloud wants no calls for each launch config.
    private var callsAgainAt: [Timestamp?]
    private var statistics = DemandStatistics(at: Timestamp(milliseconds: 0))
    private var boots: [BootStatistics]

    /// Muster, knowing nothing yet.
    public init(_ settings: SimulatedPoolSettings) {
        health = settings.configs.map { _ in Health(at: Timestamp(milliseconds: 0)) }
        isSuspended = settings.configs.map { _ in false }
        suspendAfter = settings.suspendAfter
        callsAgainAt = settings.configs.map { _ in nil }
        boots = settings.configs.map { _ in BootStatistics() }
        offerings = OfferingMemory(configs: settings.configs.count)
    }

    public mutating func plan(
        _ pool: SimulatedPool, now: Timestamp, using generator: inout SeededGenerator
    ) -> SimulatedPlan {
        let idleTime = pool.settings.idleTime
        let cutoff = now - idleTime
        var snapshot = PoolSnapshot(
            poolID: Self.pool, scale: pool.settings.scale,
            demand: .known(pending: pool.pending, claimed: pool.toFinish, observedAt: pool.observedAt),
            launchConfigs: pool.configs.indices.map { index in
                var config = LaunchConfigSnapshot(
                    id: pool.configs[index].id, settings: pool.configs[index].settings,
                    isSuspended: isSuspended[index], capacity: pool.configs[index].capacity,
                    health: health[index])
                config.callsAgainAt = callsAgainAt[index]
                config.availability = offerings.availability(of: index, at: now)
                config.unanswered = offerings.unanswered(of: index)
                return config
            },
            brake: brake(of: pool.settings.scale, now: now),
            idle: pool.idle.idle(since: cutoff.milliseconds, limit: DecisionPolicy.retirementsPerPass).map {
                IdleWorker(key: Self.key(of: $0.worker), capacity: $0.capacity)
            })
        snapshot.scheduled = ScheduledFloor(pool.settings.schedule, at: now) { _ in .utc }
        anticipate(&snapshot, pool, now)
        let plan = Decision.plan(for: snapshot, now: now, using: &generator)
        let launches = plan.launches.compactMap { launch in
            pool.configs.firstIndex { $0.id == launch.launchConfigID }.map {
                SimulatedPlan.Launch(config: $0, instances: launch.count)
            }
        }
        for config in Set(launches.map(\.config))
        where plan.weights[pool.configs[config].id]?.allowance != nil {
            _ = health[config].launch(at: now)
        }
        for launch in launches { offerings.ask(for: launch.instances, of: launch.config, at: now) }
        let instances = launches.reduce(0) { $0 + $1.instances }
        if instances > 0 { asked.append((now, instances)) }
        askedInstances += instances
        let nextIdle = plan.hasSurplus ? pool.idle.first(after: cutoff.milliseconds) : nil
        let moments = [
            nextIdle.map { Timestamp(milliseconds: $0.since) + idleTime }, plan.restEnds,
            plan.brakeLoosens, snapshot.scheduled?.until,
            plan.beliefEnds,
        ]
        return SimulatedPlan(
            launches: launches, retirements: plan.retirements.compactMap(Self.number),
            nextPass: moments.compactMap(\.self).filter { $0 > now }.min())
    }

    /// What the engine tells health and the marks of offerings of, and its pause after throttling.
    public mutating func observe(_ event: SimulatedEvent, now: Timestamp) {
        switch event {
        case .refused(let config, let instances, let error):
            offerings.refuse(instances, of: config, error, at: now)
            if case .throttled(let retryAfter) = error.kind {
                let pause = max(retryAfter ?? .zero, SimulatorPolicy.throttlePause)
                callsAgainAt[config] = max(callsAgainAt[config] ?? now, now + pause)
            }
            health[config].note(.refused(instances, error.kind), at: now)
        case .neverRegistered(let config):
            health[config].note(.neverCame(ran: true), at: now)
            if health[config].isSilent(beyond: suspendAfter) { isSuspended[config] = true }
        case .registered(let config, let time):
            boots[config].add(time)
            health[config].note(.registered, at: now)
            // Who registers asks for work at once.
            health[config].note(.heard, at: now)
        case .accepted(let config, let instances):
            offerings.obtain(instances, of: config, at: now)
            health[config].note(.obtained(instances), at: now)
        case .arrived, .finished, .gone: break
        }
    }

    /// By the engine's rules: learns from the numbers that it decides on.
    private mutating func anticipate(_ snapshot: inout PoolSnapshot, _ pool: SimulatedPool, _ now: Timestamp)
    {
        snapshot.anticipation = pool.settings.anticipation
        guard snapshot.anticipation.isLearning else { return }
        let lead = BootStatistics.lead(
            of: pool.configs.indices.map { (boots[$0], pool.configs[$0].settings.initialWeight) })
        statistics.observe(
            tasks: pool.toFinish + pool.pending, isWaiting: pool.pending > 0,
            running: pool.capacity[.running].capacity, requested: pool.capacity[.requested].capacity,
            lead: lead, at: now)
        snapshot.outlook = statistics.outlook(for: snapshot.anticipation, at: now)
    }

    private mutating func brake(of scale: PoolScale, now: Timestamp) -> PoolSnapshot.Brake {
        let since = now - DecisionPolicy.brakeWindow
        while let first = asked.first, first.at <= since {
            askedInstances -= first.instances
            asked.removeFirst()
        }
        return PoolSnapshot.Brake(
            instancesPerHour: scale.brake, asked: askedInstances, first: asked.first?.at)
    }

    private static func key(of worker: Int) -> WorkerKey {
        WorkerKey(poolID: pool, group: group, id: WorkerID(rawValue: String(worker)))
    }

    private static func number(of key: WorkerKey) -> Int? { Int(key.id.rawValue) }
}
