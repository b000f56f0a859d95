import Testing

@testable import MusterCore

@Suite("Deadlines of workers that people make")
struct HandmadeWorkerTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let lifecycle = Lifecycle()

    private func worker(endsAt: Timestamp? = nil, registered: Bool = true) -> Worker {
        var worker = Worker.madeByHand(
            WorkerKey(
                poolID: PoolID(rawValue: "lab/macs"), group: WorkerGroup(rawValue: "rack"),
                id: WorkerID(rawValue: "mac-1")), of: LaunchConfigID(rawValue: "macs"),
            at: ProviderID(rawValue: "hand"), capacity: 1, endsAt: endsAt, now: now)
        if registered { _ = worker.register(at: now, nonce: nil, expiresAt: now + .seconds(345_600)) }
        return worker
    }

    private func verdict(_ worker: Worker, after time: Duration) -> Worker.Verdict {
        worker.verdict(lifecycle, attendedSince: now, now: now + time)
    }

    @Test("Nothing is due of one that has not come, whatever the time, but its end")
    func requested() {
        #expect(verdict(worker(registered: false), after: .seconds(1_000_000)) == .wait(until: nil))
        let ending = worker(endsAt: now + .seconds(60), registered: false)
        #expect(verdict(ending, after: .seconds(59)) == .wait(until: now + .seconds(60)))
        #expect(verdict(ending, after: .seconds(60)) == .drain(StopReason.expired))
    }

    @Test("Its silence makes it suspected, and no more; neither does the end of its credentials")
    func silence() {
        var silent = worker()
        #expect(verdict(silent, after: .seconds(119)) == .wait(until: now + .seconds(120)))
        #expect(verdict(silent, after: .seconds(120)) == .suspect)
        _ = silent.suspect(at: now + .seconds(120))
        #expect(verdict(silent, after: .seconds(10_000_000)) == .wait(until: nil))
        #expect(
            silent.registerAgain(at: now + .seconds(200), nonce: "n", expiresAt: now + .seconds(900))
                == .became(.workerTrusted))
        #expect(silent.bucket == .running && silent.expiresAt == now + .seconds(900))
    }

    @Test("It is gone as soon as it has finished, without anybody who ends it")
    func ends() {
        var busy = worker(endsAt: now + .seconds(60))
        busy.claimed = 1
        _ = busy.drain(because: StopReason.expired)
        #expect(verdict(busy, after: .seconds(100)) == .wait(until: nil))
        busy.claimed = 0
        #expect(verdict(busy, after: .seconds(100)) == .end(StopReason.expired))
        var retired = worker()
        _ = retired.retire(because: StopReason.retired, at: now)
        #expect(verdict(retired, after: .zero) == .end(StopReason.retired))
        _ = retired.gone(at: now, because: StopReason.retired)
        #expect(verdict(retired, after: .zero) == .wait(until: nil))
        #expect(retired.registerAgain(at: now, nonce: nil, expiresAt: now) == .none)
    }

    @Test("One that was launched registers once, and is no such worker")
    func launched() {
        var launched = Worker(
            key: worker().key, launchConfigID: LaunchConfigID(rawValue: "macs"),
            launchID: LaunchID(rawValue: "l-1"), providerID: ProviderID(rawValue: "hand"), instanceID: "i",
            capacity: 1, requestedAt: now)
        _ = launched.register(at: now, nonce: nil, expiresAt: now + .seconds(60))
        #expect(!launched.isMadeByHand)
        #expect(launched.registerAgain(at: now, nonce: nil, expiresAt: now) == .none)
    }
}
