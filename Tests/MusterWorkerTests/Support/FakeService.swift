import MusterAPI
import MusterCore
import MusterRuntime

@testable import MusterWorker

/// The service as a worker sees it, in memory: a list of tasks, claims with leases, and what was said.
actor FakeService: ServiceConnection {
    /// What the next calls of a kind come to, before the service's own behaviour.
    enum Trouble {
        /// Carried out, but the answer does not arrive.
        case answerLost
        /// Not carried out.
        case unreachable
        case refused
        case claimLost
        /// Not carried out: the store takes nothing.
        case storeFull
    }

    struct Report {
        var run: RunReference
        var report: RunReport
    }

    let clock: any WallClock
    var lease: Duration
    var pending: [ClaimedTask] = []
    /// Sent with the next answer to a claim, whatever was asked.
    var resent: [ClaimedTask] = []
    var lost: [RunReference] = []
    var advice = ShouldTerminateResponse(terminate: false, reason: "none")

    var registrationTroubles: [Trouble] = []
    var claimTroubles: [Trouble] = []
    var renewalTroubles: [Trouble] = []
    var reportTroubles: [Trouble] = []

    private(set) var registrations: [RegisterWorkerRequest] = []
    private(set) var claims: [ClaimRequest] = []
    private(set) var renewals: [RunReference] = []
    private(set) var reports: [Report] = []
    private(set) var adviceAsked = 0
    /// The most tasks that were claimed and unreported at once.
    private(set) var mostHeld = 0
    private var held: Set<RunReference> = []
    private var answers: [String: ClaimAnswer] = [:]
    private var watchers:
        [Int: (condition: (FakeService) -> Bool, continuation: CheckedContinuation<Void, Never>)] = [:]
    private var claimers: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter = 0

    init(clock: any WallClock = SystemClock(), lease: Duration = .seconds(600)) {
        self.clock = clock
        self.lease = lease
    }

    // MARK: For tests

    /// Changes how things are, and lets claims that wait look again.
    func change(_ body: @Sendable (isolated FakeService) -> Void) {
        body(self)
        noteChange()
        for continuation in claimers.values { continuation.resume() }
        claimers = [:]
    }

    /// Waits until something holds of what the worker did, or the test runs out of time.
    func until(_ condition: @escaping @Sendable (isolated FakeService) -> Bool) async {
        if condition(self) { return }
        lastWaiter += 1
        let watcher = lastWaiter
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume() }
                watchers[watcher] = ({ service in service.assumeIsolated(condition) }, continuation)
            }
        } onCancel: {
            Task { await self.stopWatching(watcher) }
        }
    }

    /// A task that runs `script`, to be claimed.
    @discardableResult
    func submit(
        _ script: String, environment: [String: String] = [:], maxRunTime: Int? = nil, name: String = "task-1"
    ) -> RunReference {
        submit(
            TaskPayload(
                command: ["/bin/sh", "-c", script], environment: environment, maxRunTime: maxRunTime),
            name: name)
    }

    @discardableResult
    func submit(_ payload: TaskPayload, name: String = "task-1") -> RunReference {
        let task = self.task(payload, name: name)
        change { $0.pending.append(task) }
        return task.run
    }

    func task(_ payload: TaskPayload, name: String) -> ClaimedTask {
        ClaimedTask(
            run: RunReference(taskID: TaskID(rawValue: name), runID: 0), takenUntil: clock.now() + lease,
            tenant: Tenant(rawValue: "tenant one"), priority: .medium, payload: payload)
    }

    // MARK: The service

    func register(_ request: RegisterWorkerRequest) async throws(ServiceFailure) -> Timestamp {
        registrations.append(request)
        defer { noteChange() }
        try fail(&registrationTroubles)
        return clock.now() + .seconds(3_600)
    }

    func claim(_ request: ClaimRequest) async throws(ServiceFailure) -> ClaimAnswer {
        claims.append(request)
        noteChange()
        let trouble = claimTroubles.isEmpty ? nil : claimTroubles.removeFirst()
        if let trouble, trouble != .answerLost { throw failure(trouble) }
        let answer: ClaimAnswer
        if let known = answers[request.requestId] {
            answer = known
        } else {
            while pending.isEmpty || request.tasks == 0, resent.isEmpty, lost.isEmpty, !advice.terminate,
                request.waitSeconds > 0, !Task.isCancelled
            {
                await newsForClaim()
            }
            guard !Task.isCancelled else { throw failure(.unreachable) }
            let given = Array(pending.prefix(request.tasks))
            pending.removeFirst(given.count)
            held.formUnion(given.map(\.run))
            mostHeld = max(mostHeld, held.count)
            answer = ClaimAnswer(
                tasks: (given + resent).map { task in
                    var task = task
                    task.takenUntil = clock.now() + lease
                    return task
                }, lost: lost, terminate: advice)
            resent = []
            lost = []
            answers[request.requestId] = answer
            noteChange()
        }
        if trouble == .answerLost { throw failure(.answerLost) }
        return answer
    }

    func renew(_ run: RunReference, within time: Duration) async throws(ServiceFailure) -> Timestamp {
        renewals.append(run)
        defer { noteChange() }
        try fail(&renewalTroubles)
        return clock.now() + lease
    }

    func report(_ run: RunReference, _ report: RunReport) async throws(ServiceFailure) {
        defer { noteChange() }
        let trouble = reportTroubles.isEmpty ? nil : reportTroubles.removeFirst()
        if trouble == nil || trouble == .answerLost {
            reports.append(Report(run: run, report: report))
            held.remove(run)
        }
        if let trouble { throw failure(trouble) }
    }

    func shouldTerminate() async throws(ServiceFailure) -> ShouldTerminateResponse {
        adviceAsked += 1
        noteChange()
        return advice
    }

    private func fail(_ troubles: inout [Trouble]) throws(ServiceFailure) {
        if !troubles.isEmpty { throw failure(troubles.removeFirst()) }
    }

    private func failure(_ trouble: Trouble) -> ServiceFailure {
        switch trouble {
        case .answerLost, .unreachable: .noAnswer(Problem(.networkFailed, "the connection was lost"))
        case .refused: .refused(Problem(.registrationRefused, "this is nobody we know"))
        case .storeFull: .noAnswer(Problem(.storeFull, "the disk of the database is full"))
        case .claimLost: .claimLost(Problem(.claimLost, "another worker holds it"))
        }
    }

    private func noteChange() {
        for (id, watcher) in watchers where watcher.condition(self) { stopWatching(id) }
    }

    private func stopWatching(_ id: Int) {
        watchers.removeValue(forKey: id)?.continuation.resume()
    }

    private func newsForClaim() async {
        lastWaiter += 1
        let claimer = lastWaiter
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { claimers[claimer] = continuation }
            }
        } onCancel: {
            Task { await self.wake(claimer) }
        }
    }

    private func wake(_ claimer: Int) {
        claimers.removeValue(forKey: claimer)?.resume()
    }
}
