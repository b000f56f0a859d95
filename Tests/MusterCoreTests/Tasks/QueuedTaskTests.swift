import Testing

@testable import MusterCore

@Suite("A task's states")
struct QueuedTaskTests {
    static let holder = TaskHolder(
        group: WorkerGroup(rawValue: "local"), workerID: WorkerID(rawValue: "l1-0"))
    static let other = TaskHolder(group: WorkerGroup(rawValue: "local"), workerID: WorkerID(rawValue: "l1-1"))
    static let deadline = noon + .seconds(3_600)
    static let later = noon + .seconds(60)

    /// A task in a state, with one retry unless said otherwise.
    static func task(_ state: QueuedTask.State, retries: Int = 1) -> QueuedTask {
        var task = QueuedTask(
            id: TaskID(rawValue: "t1"), poolID: PoolID(rawValue: "a/b"), tenant: .unnamed, priority: .medium,
            payload: TaskPayload(command: ["true"]), submittedAt: noon, deadlineAt: deadline,
            retriesLeft: retries)
        if state == .pending { return task }
        _ = task.claim(by: holder, until: noon + .seconds(120), at: noon)
        switch state {
        case .pending, .running: break
        case .completed: _ = task.end(.completed, because: .completed, at: noon)
        case .failed: _ = task.end(.failed, because: .failed, at: noon)
        case .exception: _ = task.end(.exception, because: .malformedPayload, at: noon)
        }
        return task
    }

    @Test("Only what is pending can be claimed", arguments: QueuedTask.State.allCases)
    func claim(state: QueuedTask.State) {
        let before = Self.task(state)
        var task = before
        #expect(task.claim(by: Self.other, until: Self.later, at: noon) == (state == .pending))
        if state == .pending {
            #expect(task.state == .running && task.holder == Self.other && task.takenUntil == Self.later)
            #expect(task.runID == 0)
        } else {
            #expect(task == before)
        }
    }

    @Test("Only who holds the current run can renew it", arguments: QueuedTask.State.allCases)
    func renew(state: QueuedTask.State) {
        let attempts = [(0, Self.holder, true), (1, Self.holder, false), (0, Self.other, false)]
        for (run, holder, isHolder) in attempts {
            let before = Self.task(state)
            var task = before
            let isHeld = state == .running && isHolder
            #expect(task.isHeld(run: run, by: holder) == isHeld)
            #expect(task.renew(run: run, by: holder, until: noon + .seconds(500)) == isHeld)
            #expect(isHeld ? task.takenUntil == noon + .seconds(500) : task == before)
        }
    }

    @Test("A renewal that comes late does not shorten the claim")
    func shorterRenewal() {
        var task = Self.task(.running)
        let isHeld = task.renew(run: 0, by: Self.holder, until: noon + .seconds(10))
        #expect(isHeld && task.takenUntil == noon + .seconds(120))
    }

    @Test("A run's end resolves its task or makes it pending again", arguments: QueuedTask.State.allCases)
    func end(state: QueuedTask.State) {
        for resolution in Resolution.allCases {
            for reason in RunReason.allCases {
                for retries in [0, 1] {
                    let before = Self.task(state, retries: retries)
                    var task = before
                    let effect = task.end(resolution, because: reason, at: Self.later)
                    let what = "\(resolution) \(reason) with \(retries) left when \(state)"
                    if state != .running {
                        #expect(effect == .none && task == before, "\(what)")
                    } else if resolution == .exception, Self.retried.contains(reason), retries > 0 {
                        #expect(effect == .retried && task.state == .pending, "\(what)")
                        #expect(task.runID == 1 && task.retriesLeft == 0, "\(what)")
                        #expect(task.holder == nil && task.takenUntil == nil, "\(what)")
                        #expect(task.resolvedAt == nil && task.reason == nil, "\(what)")
                    } else {
                        #expect(effect == .resolved && task.resolvedAt == Self.later, "\(what)")
                        #expect(
                            task.state.rawValue == resolution.rawValue && task.reason == reason, "\(what)")
                        #expect(task.holder == nil && task.takenUntil == nil, "\(what)")
                        #expect(task.retriesLeft == retries && task.runID == 0, "\(what)")
                    }
                }
            }
        }
    }

    /// What is no fault of the task's.
    static let retried: Set<RunReason> = [
        .workerShutdown, .claimExpired, .resourceUnavailable, .internalError,
    ]

    @Test("Only what is no fault of the task's is worth another run")
    func worthRetrying() {
        for reason in RunReason.allCases {
            #expect(reason.isWorthRetrying == Self.retried.contains(reason), "\(reason)")
        }
    }

    @Test("After its deadline nothing is tried again")
    func lateRetry() {
        var task = Self.task(.running)
        #expect(
            task.end(.exception, because: .claimExpired, at: Self.deadline - .milliseconds(1)) == .retried)
        task = Self.task(.running)
        #expect(task.end(.exception, because: .claimExpired, at: Self.deadline) == .resolved)
    }

    @Test("Cancelling and the deadline end what is not over yet", arguments: QueuedTask.State.allCases)
    func ends(state: QueuedTask.State) {
        let isOpen = state == .pending || state == .running
        let events: [(RunReason, (inout QueuedTask) -> QueuedTask.Effect)] = [
            (.cancelled, { $0.cancel(at: Self.later) }),
            (.deadlineExceeded, { $0.passDeadline(at: Self.deadline) }),
        ]
        for (reason, event) in events {
            let before = Self.task(state)
            var task = before
            let effect = event(&task)
            #expect(effect == (isOpen ? .resolved : .none), "\(reason) when \(state)")
            guard isOpen else {
                #expect(task == before, "\(reason) when \(state)")
                continue
            }
            #expect(task.state == .exception && task.reason == reason, "\(reason) when \(state)")
            #expect(task.holder == nil && task.takenUntil == nil && task.resolvedAt != nil)
        }
        var early = Self.task(state)
        #expect(early.passDeadline(at: Self.deadline - .milliseconds(1)) == .none)
        #expect(early == Self.task(state))
    }

    @Test("Whoever speaks of an earlier run does not hold the current one")
    func earlierRun() {
        var task = Self.task(.running)
        _ = task.end(.exception, because: .workerShutdown, at: Self.later)
        _ = task.claim(by: Self.holder, until: Self.later + .seconds(120), at: noon)
        #expect(!task.isHeld(run: 0, by: Self.holder) && task.isHeld(run: 1, by: Self.holder))
        #expect(task.run == RunReference(taskID: task.id, runID: 1))
    }

    @Test("Each end has its event, and what goes on has none")
    func events() {
        let expected: [QueuedTask.State: EventType] = [
            .completed: .taskCompleted, .failed: .taskFailed, .exception: .taskException,
        ]
        for state in QueuedTask.State.allCases { #expect(state.event == expected[state], "\(state)") }
    }
}
