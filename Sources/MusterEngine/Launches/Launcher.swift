import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Carries launches out, each in a task of its own, and finds out what came of those that were interrupted.
final class Launcher: Sendable {
    /// Whoever holds a pool's lease carries its launches out, and nobody else.
    let leases: PoolLeases
    private let context: EngineContext
    /// Until which uptime a pool's provider wants no calls.
    private let throttled = Locked<[PoolID: Duration]>([:])
    private let inFlight = Locked<[LaunchID: InFlight]>([:])

    private struct InFlight {
        let pool: PoolID
        let task: Task<Void, Never>
    }

    init(_ context: EngineContext) {
        self.context = context
        leases = PoolLeases(context)
    }

    /// Until when a pool's provider wants no calls for it; nil when it has not said.
    func callsAgain(for pool: PoolID) -> Timestamp? {
        throttled.withLock { $0[pool] }.map { context.clock.now() + ($0 - context.clock.uptime()) }
    }

    /// Sends a launch's call for the first time and settles it when the answer comes.
    func carryOut(_ launch: Launch) {
        start(launch) { try await self.send(launch) }
    }

    /// Looks up every launch of this process's pools whose outcome nobody knows and nobody is finding out.
    ///
    /// - Returns: when the next look-up is due.
    func recover() async throws -> Timestamp? {
        let holder = try await leases.holder()
        let planned = try await context.store.read {
            try await $0.plannedLaunches(of: holder, limit: EnginePolicy.launchesPerLook)
        }
        for launch in planned { start(launch) { try await self.recover(launch) } }
        return planned.isEmpty ? nil : context.clock.now() + context.policy.recoveryInterval
    }

    /// Waits for what is in flight, for `bound` at most; what is left is found by the next process.
    func finish(within bound: Duration) async {
        await Deadline.run(within: bound, clock: context.clock) {
            await self.settled()
        } late: {
        }
        for launch in inFlight.withLock({ Array($0.values) }) { launch.task.cancel() }
    }

    /// Waits until nothing is in flight, or nothing of one pool.
    func settled(of pool: PoolID? = nil) async {
        for launch in inFlight.withLock({ Array($0.values) }) where pool == nil || launch.pool == pool {
            await launch.task.value
        }
    }

    private func start(_ launch: Launch, _ body: @escaping @Sendable () async throws -> Void) {
        let id = launch.id
        inFlight.withLock { inFlight in
            guard inFlight[id] == nil else { return }
            let task = Task {
                do {
                    try await body()
                } catch  where Self.meansOthers(error) {
                    self.context.log.warning(
                        "a launch is left to whoever has the pool's lease",
                        ["launch": id.rawValue, "error": "\(error)"])
                } catch {
                    // The launch stays planned: the recovery loop takes it from here.
                    self.context.log.error(
                        "a launch was interrupted", ["launch": id.rawValue, "error": "\(error)"])
                }
                self.inFlight.withLock { $0[id] = nil }
            }
            inFlight[id] = InFlight(pool: launch.poolID, task: task)
        }
    }

    private static func meansOthers(_ error: any Error) -> Bool {
        error is HeldElsewhere || (error as? Problem)?.code == .leaseLost
    }

    /// A process that lost the pool's lease, or will before the answer must have come, sends nothing.
    private func send(_ launch: Launch) async throws {
        let held = leases.lease(of: launch.poolID)
        let lease = try await held.required()
        guard let provider = context.providers[launch.providerID] else {
            let error = CloudError(
                .invalidConfig, cloudCode: "no-provider",
                message: "the provider \(launch.providerID) is not enabled")
            return try await abandon(launch, because: error, under: lease)
        }
        try await held.assure(lease, lasting: context.callDeadline(of: provider))
        let masterKey = context.masterKey
        let call = LaunchCall(launchID: launch.id, body: launch.body, isRepeat: launch.attempts > 0) {
            worker in
            masterKey.registrationToken(launch: launch.id, worker: worker)
        }
        switch await outcome(of: call, at: provider) {
        case .answered(let instances, let refusals):
            FaultPoint.reach(.launchAnswered)
            let refusals = complete(refusals, instances.count, of: launch)
            noteThrottling(refusals, of: launch)
            try await held.forgettingWhatIsLost {
                try await Settlement(context).settle(
                    launch, instances: instances, refusals: refusals, under: lease,
                    reaching: .launchSettled)
            }
        case .accepted:
            context.log.debug("a launch is under way", ["launch": launch.id.rawValue])
        case .unclear(let error):
            context.log.warning(
                "a launch's outcome is not clear", ["launch": launch.id.rawValue, "error": error.description])
        }
    }

    /// The answer to a call, or that there was none in time. A call that is late goes on or not, as it is: what
    /// came of it is looked up.
    private func outcome(of call: LaunchCall, at provider: any CloudProvider) async -> LaunchOutcome {
        await Deadline.run(within: context.callDeadline(of: provider), clock: context.clock) {
            await provider.launch(call)
        } late: {
            .unclear(CloudError(.network, cloudCode: "deadline", message: "no answer came in time"))
        }
    }

    /// Every instance that was asked for came, or was refused for a reason.
    private func complete(_ refusals: [LaunchRefusal], _ came: Int, of launch: Launch) -> [LaunchRefusal] {
        let missing = launch.count - came - refusals.map(\.count).reduce(0, +)
        guard missing > 0 else { return refusals }
        let error = CloudError(
            .unknown, cloudCode: "missing", message: "the provider gave fewer instances and no reason")
        return refusals + [LaunchRefusal(count: missing, error: error)]
    }

    /// Remembers until when a provider that throttles wants no calls for the pool.
    private func noteThrottling(_ refusals: [LaunchRefusal], of launch: Launch) {
        let pauses = refusals.compactMap { refusal -> Duration? in
            guard case .throttled(let retryAfter) = refusal.error.kind else { return nil }
            return max(retryAfter ?? .zero, context.policy.throttlePause)
        }
        guard let pause = pauses.max() else { return }
        let until = context.clock.uptime() + pause
        throttled.withLock { $0[launch.poolID] = until }
    }

    private func recover(_ planned: Launch) async throws {
        // Another process may be about to call for it.
        let held = leases.lease(of: planned.poolID)
        let lease = try await held.required()
        guard let provider = context.providers[planned.providerID] else { return try await send(planned) }
        let found = try await context.bounded { () throws(CloudError) in
            try await provider.find(SentLaunch(planned))
        }
        let now = try await context.moment()
        // Its times may have been moved along with the clock.
        guard let launch = try await context.store.read({ try await $0.launch(planned.id) }),
            launch.state == .planned
        else { return }
        let recovery = launch.recovery(
            found: found.instances.count, refused: found.refusals.map(\.count).reduce(0, +),
            isUnderWay: found.isUnderWay, quietAfter: provider.timing.lookUpDelay,
            repeatWindow: provider.timing.repeatWindow, now: now)
        context.log.info("a launch is looked up", ["launch": launch.id.rawValue, "decision": "\(recovery)"])
        switch recovery {
        case .wait:
            try await held.forgettingWhatIsLost {
                try await Settlement(context).record(found.instances, of: launch, under: lease)
            }
        case .adopt:
            let refusals = complete(found.refusals, found.instances.count, of: launch)
            noteThrottling(refusals, of: launch)
            try await held.forgettingWhatIsLost {
                try await Settlement(context).settle(
                    launch, instances: found.instances, refusals: refusals, under: lease,
                    reaching: .launchAdopted)
            }
        case .sendAgain:
            let mayBeSent = try await context.write(
                in: .pool(launch.poolID), reaching: { $0 ? .launchResent : nil }
            ) { transaction -> Bool in
                try await self.context.require(lease, in: transaction)
                // What a person has stopped meanwhile waits, or is adopted if it came all the same.
                guard let old = try await transaction.launch(launch.id),
                    try await !transaction.isHeld(launch.poolID, at: now)
                else { return false }
                var launch = old
                guard launch.send(at: now) else { return false }
                try await transaction.save(launch, was: old)
                return true
            }
            if mayBeSent { try await send(launch) }
        case .abandon:
            let error = CloudError(
                .unknown, cloudCode: "abandoned",
                message: "nothing came of the launch, and it is not tried again")
            try await abandon(launch, because: error, under: lease)
        }
    }

    private func abandon(_ launch: Launch, because error: CloudError, under lease: Lease) async throws {
        let now = context.clock.now()
        try await context.write(in: .pool(launch.poolID), reaching: .launchAbandoned) { transaction in
            try await self.context.require(lease, in: transaction)
            guard let old = try await transaction.launch(launch.id) else { return }
            var launch = old
            guard launch.abandon(because: error, at: now) else { return }
            try await transaction.save(launch, was: old)
            try await transaction.changeHealth(of: launch.launchConfigID, in: launch.poolID) {
                $0.note(.abandoned, at: now)
            }
            try await transaction.publish(launch.event(.launchAbandoned, at: now))
        }
    }
}

extension MasterKey {
    /// The one-time token with which a launch's worker proves itself.
    func registrationToken(launch: LaunchID, worker: WorkerID) -> Secret<String> {
        secret(for: "registration", launch.rawValue, worker.rawValue)
    }
}
