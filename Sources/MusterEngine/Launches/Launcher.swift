import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Carries launches out, each in a task of its own, and finds out what came of those that were interrupted; of these
/// see `Launcher+recovery.swift`.
final class Launcher: Sendable {
    /// Whoever holds a pool's lease carries its launches out, and nobody else.
    let leases: PoolLeases
    let context: EngineContext
    /// What its provider wants no calls for.
    let throttled: ThrottledConfigs
    /// When those are looked up of which nobody knows what came.
    let lookUps = Locked(LookUpLine())
    private let inFlight = Locked<[LaunchID: InFlight]>([:])

    private struct InFlight {
        let pool: PoolID
        let task: Task<Void, Never>
    }

    init(_ context: EngineContext) {
        self.context = context
        leases = PoolLeases(context)
        throttled = ThrottledConfigs(context)
    }

    /// Sends a launch's call for the first time and settles it when the answer comes.
    func carryOut(_ launch: Launch) {
        start(LaunchReference(launch)) { try await self.send(launch) }
    }

    /// Those that somebody is at.
    var launchesInFlight: Set<LaunchID> { Set(inFlight.withLock { $0.keys }) }

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

    /// Does what is to be done for a launch in a task of its own, unless somebody is at it.
    func start(_ launch: LaunchReference, _ body: @escaping @Sendable () async throws -> Void) {
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
    func send(_ launch: Launch) async throws {
        let held = leases.lease(of: launch.poolID)
        let lease = try await held.required()
        let provider = try await context.places.provider(launch.providerID)
        try await held.assure(lease, lasting: context.callDeadline(of: provider))
        let masterKey = context.masterKey
        let call = LaunchCall(launchID: launch.id, body: launch.body, isRepeat: launch.attempts > 0) {
            worker in
            masterKey.registrationToken(launch: launch.id, worker: worker)
        }
        switch await outcome(of: call, at: provider) {
        case .answered(let instances, let refusals):
            FaultPoint.reach(.launchAnswered)
            let refusals = complete(refusals, instances.count, of: launch, otherwise: Self.missing)
            throttled.note(refusals, of: launch)
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

    /// Every instance that was asked for came, or was refused for a reason, or for want of one for `reason`.
    func complete(
        _ refusals: [LaunchRefusal], _ came: Int, of launch: Launch, otherwise reason: CloudError
    ) -> [LaunchRefusal] {
        let missing = launch.count - came - refusals.map(\.count).reduce(0, +)
        return missing > 0 ? refusals + [LaunchRefusal(count: missing, error: reason)] : refusals
    }

    /// The provider has answered, and what it says is not all.
    static let missing = CloudError(
        .unknown, cloudCode: "missing", message: "the provider gave fewer instances and no reason")
}

extension MasterKey {
    /// The one-time token with which a launch's worker proves itself.
    func registrationToken(launch: LaunchID, worker: WorkerID) -> Secret<String> {
        secret(for: "registration", launch.rawValue, worker.rawValue)
    }
}
