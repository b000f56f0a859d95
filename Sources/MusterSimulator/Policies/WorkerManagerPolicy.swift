public import MusterCore

/// Taskcluster's worker-manager and its workers: passes and scans at their intervals, launch configs drawn one
/// instance at a time, workers that ask for tasks in their own time and end by themselves.
///
/// It is given every advantage that it has in no real service: a pass takes no time and waits for no other
/// pool, a worker that ends is known to be gone at once, and a refusal names its launch config.
public struct WorkerManagerPolicy: SimulatedPolicy {
    public let name: String
    public let passes = PassTiming(interval: WorkerManagerDefaults.provisionWait)
    public let dispatch = Dispatch.random
    public let idleEnd: Duration?
    public let registrationPatience: Duration?

    private let followsAdvice: Bool
    private let subtractsRequestedTwice: Bool
    private let launchConfigs: [LaunchConfigID: LaunchConfigSettings]
    private let places: [LaunchConfigID: Int]
    private let ids: [LaunchConfigID]
    private var errors = WorkerManagerErrors()
    private var backoff = WorkerManagerBackoff()
    private var scannedAt: Timestamp?
    private var advisedToEnd: Set<Int> = []

    /// worker-manager, knowing of no errors yet.
    ///
    /// - Parameter followsAdvice: whether workers ask whether to terminate, as those that worker-runner starts do;
    ///   then the advice alone ends them, and no idle time.
    /// - Parameter subtractsRequestedTwice: false for the estimator without that fault.
    public init(
        _ settings: SimulatedPoolSettings, followsAdvice: Bool = false, subtractsRequestedTwice: Bool = true
    ) {
        name = followsAdvice ? "worker-manager-advised" : "worker-manager"
        idleEnd = followsAdvice ? nil : settings.fixedIdleTime
        registrationPatience =
            WorkerManagerLifecycle(registrationTimeout: settings.lifecycle.registrationTimeout).patience
        self.followsAdvice = followsAdvice
        self.subtractsRequestedTwice = subtractsRequestedTwice
        ids = settings.configs.map(\.id)
        launchConfigs = Dictionary(settings.configs.map { ($0.id, $0.settings) }) { first, _ in first }
        places = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    public mutating func plan(
        _ pool: SimulatedPool, now: Timestamp, using generator: inout SeededGenerator
    ) -> SimulatedPlan {
        let estimator = WorkerManagerEstimator(
            scale: pool.settings.scale, subtractsRequestedTwice: subtractsRequestedTwice)
        // The queue tells of all claims, whatever becomes of the workers that hold them.
        let claimed = pool.claimed + pool.reclaimed
        let target = estimator.targetCapacity(pending: pool.pending, claimed: claimed)
        let retirements = scan(pool, target: target, now: now)
        guard !backoff.isPaused(at: now) else { return SimulatedPlan(retirements: retirements) }

        var capacity = WorkerManagerCapacity()
        for config in pool.configs { capacity.count(config.capacity, of: config.id) }
        let drawn = WorkerManagerProvisioner(estimator: estimator, launchConfigs: launchConfigs).pass(
            pending: pool.pending, claimed: claimed, capacity: capacity, errors: errors.tally(at: now),
            using: &generator)
        let launches = drawn.compactMap { places[$0] }.map { SimulatedPlan.Launch(config: $0, instances: 1) }
        return SimulatedPlan(launches: launches, retirements: retirements)
    }

    /// A refusal is an error of its launch config, throttling only when it does not end; of a worker that never
    /// registers nobody reports anything.
    public mutating func observe(_ event: SimulatedEvent, now: Timestamp) {
        switch event {
        case .accepted: backoff.accept()
        case .refused(let config, let instances, let error):
            if case .throttled = error.kind, !backoff.refuse(at: now) { return }
            errors.report(instances, of: ids[config], at: now)
        case .arrived, .finished, .registered, .neverRegistered, .gone: break
        }
    }

    public func ends(_ worker: Int) -> Bool { advisedToEnd.contains(worker) }

    /// Decides anew who is advised to terminate, when a scan is due.
    ///
    /// - Returns: those of them that are idle, who ask at once.
    private mutating func scan(_ pool: SimulatedPool, target: Double, now: Timestamp) -> [Int] {
        guard followsAdvice, scannedAt.map({ now >= $0 + WorkerManagerDefaults.scanWait }) ?? true else {
            return []
        }
        scannedAt = now
        let candidates = pool.running.map { worker in
            WorkerManagerAdvice.Candidate(
                id: worker, requestedAt: Timestamp(milliseconds: pool.workers[worker].acceptedAt),
                capacity: pool.workers[worker].capacity)
        }
        let advice = WorkerManagerAdvice.decide(candidates, target: target)
        advisedToEnd = Set(advice.filter { $0.value.terminates }.keys)
        return advisedToEnd.filter { pool.workers[$0].idleSince != nil }.sorted()
    }
}

extension SimulatedPool {
    /// The workers that run, by number.
    fileprivate var running: [Int] {
        let count = configs.reduce(0) { $0 + $1.capacity[.running].workers }
        // From the newest, since those of long ago are gone.
        var found: [Int] = []
        for worker in workers.indices.reversed() where workers[worker].bucket == .running {
            found.append(worker)
            if found.count == count { break }
        }
        return found.reversed()
    }
}
