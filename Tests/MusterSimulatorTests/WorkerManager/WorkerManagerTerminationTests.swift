import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerTerminationTests {
    private func hours(_ count: Double) -> Duration { .milliseconds(Int64(count * 3_600_000)) }

    private func activity(first: Duration? = nil, then: Duration...) -> WorkerManagerActivity {
        var activity = WorkerManagerActivity()
        if let first { activity.contact(at: noon + first) }
        for next in then { activity.contact(at: noon + next) }
        return activity
    }

    private func end(
        _ lifecycle: WorkerManagerLifecycle = .init(), registered: Duration? = nil,
        _ activity: WorkerManagerActivity = .init(), after: Duration
    ) -> WorkerManagerLifecycle.End? {
        lifecycle.end(
            requestedAt: noon, registeredAt: registered.map { noon + $0 }, activity: activity,
            now: noon + after)
    }

    @Test("A worker that does not register ends after the registration timeout, and not at it")
    func registration() {
        #expect(end(after: .seconds(1_800)) == nil)
        #expect(end(after: .milliseconds(1_800_001)) == .terminateAfter)
    }

    @Test("Without a registration timeout only its silence ends it, after two hours")
    func noRegistrationTimeout() {
        let lifecycle = WorkerManagerLifecycle(registrationTimeout: nil)
        #expect(end(lifecycle, after: hours(2)) == nil)
        #expect(end(lifecycle, after: hours(2) + .milliseconds(1)) == .neverClaimed)
        let slow = WorkerManagerLifecycle(registrationTimeout: hours(10))
        #expect(end(slow, after: hours(2.1)) == .neverClaimed)
    }

    @Test("A registered worker ends with its credentials unless it registers again")
    func credentials() {
        let active = activity(first: .seconds(200), then: hours(95.9), hours(96.05))
        #expect(end(registered: .seconds(120), active, after: hours(96)) == nil)
        #expect(end(registered: .seconds(120), active, after: hours(96.1)) == .terminateAfter)
        #expect(end(registered: hours(95), active, after: hours(96.1)) == nil)
        let longer = WorkerManagerLifecycle(registrationTimeout: hours(100))
        #expect(longer.terminateAfter(requestedAt: noon, registeredAt: nil) == noon + hours(96))
    }

    @Test("A worker that stops calling the queue ends after two hours of silence")
    func silence() {
        let once = activity(first: .seconds(200))
        #expect(end(registered: .seconds(120), once, after: hours(2)) == nil)
        #expect(end(registered: .seconds(120), once, after: hours(2.1)) == .inactive)
    }

    @Test("Contacts are written down every half hour, so that a short timeout ends a worker that calls")
    func granularity() {
        let calls = activity(first: .zero, then: .seconds(600), .seconds(1_200), .seconds(1_799))
        #expect(calls.lastActive == noon)
        #expect(activity(first: .zero, then: .seconds(1_800)).lastActive == noon + .seconds(1_800))
        let short = WorkerManagerLifecycle(queueInactivityTimeout: .seconds(1_200))
        #expect(end(short, registered: .zero, calls, after: .seconds(1_799)) == .inactive)
    }

    @Test("The advice keeps the newest workers, busy or idle, until the target is filled")
    func newestStay() {
        let candidates = (0..<4).map {
            WorkerManagerAdvice.Candidate(id: $0, requestedAt: noon + .seconds($0), capacity: 2)
        }
        #expect(
            WorkerManagerAdvice.decide(candidates, target: 3)
                == [0: .overCapacity, 1: .overCapacity, 2: .needed, 3: .needed])
        #expect(WorkerManagerAdvice.decide(candidates, target: 0).values.allSatisfy { $0 == .overCapacity })
        #expect(WorkerManagerAdvice.decide(candidates, target: 8).values.allSatisfy { $0 == .needed })
    }

    @Test("Workers of an archived launch config go first and fill nothing")
    func archivedGo() {
        let candidates = [
            WorkerManagerAdvice.Candidate(id: "old", requestedAt: noon),
            WorkerManagerAdvice.Candidate(
                id: "archived", requestedAt: noon + .seconds(1), isArchived: true),
        ]
        #expect(
            WorkerManagerAdvice.decide(candidates, target: 1) == ["old": .needed, "archived": .archived])
    }

    @Test("Among workers of the same moment the scan's order decides")
    func ties() {
        let candidates = ["x", "y", "z"].map { WorkerManagerAdvice.Candidate(id: $0, requestedAt: noon) }
        #expect(
            WorkerManagerAdvice.decide(candidates, target: 1.5)
                == ["x": .needed, "y": .needed, "z": .overCapacity])
    }

    @Test(
        "A worker ends after its idle time, or as it is advised when it asks",
        arguments: [
            (false, nil, WorkerManagerAdvice.overCapacity, WorkerManagerIdling.Step.claims),
            (false, Duration.seconds(900), .overCapacity, .claims),
            (false, .milliseconds(900_001), .needed, .ends),
            (true, nil, .overCapacity, .ends), (true, .zero, .archived, .ends),
            (true, .seconds(900), .needed, .claims), (true, .milliseconds(900_001), .needed, .startsAgain),
            (true, .seconds(9_000), .none, .startsAgain),
        ])
    func idling(
        followsAdvice: Bool, idle: Duration?, advice: WorkerManagerAdvice, step: WorkerManagerIdling.Step
    ) {
        #expect(WorkerManagerIdling(followsAdvice: followsAdvice).step(idle: idle, advice: advice) == step)
        #expect(
            WorkerManagerIdling(timeout: nil).step(idle: .seconds(1_000_000), advice: advice) == .claims)
    }
}
