import Testing

@testable import MusterCore

@Suite("Trust in a launch config")
struct RecoveryTests {
    private func troubled() -> Health {
        var health = Health(at: noon)
        health.note(.refused(5, .transient), at: noon)
        return health
    }

    @Test(
        "After refusals one is tried, and each answer that gives what was asked for doubles the next, until it is trusted again"
    )
    func doubles() {
        var health = troubled()
        var rounds: [Int] = []
        var moment = noon
        while let allowance = health.headroom(inFlight: 40, at: moment)?.instances {
            rounds.append(allowance)
            moment = moment + .milliseconds(100)
            _ = health.launch(at: moment)
            #expect(health.headroom(inFlight: 40, at: moment)?.instances == 0, "no answer yet")
            health.note(.obtained(allowance), at: moment)
        }
        #expect(rounds == [1, 2, 4, 8, 16, 32])
        #expect(health.failures < 1e-6 && moment < noon + .seconds(1))
    }

    @Test("A worker that comes is the proof where instances were given all along, and for a canary")
    func provenByWorkers() {
        var silent = Health(at: noon)
        for _ in 0..<3 { silent.note(.neverCame(ran: true), at: noon) }
        silent.note(.obtained(9), at: noon)
        #expect(silent.allowance == 1 && silent.failures == 3)
        silent.note(.registered, at: noon)
        #expect(silent.allowance == 2 && silent.failures == 1.5)
        var canary = Health(at: noon, allowance: 3, isCanary: true)
        canary.note(.obtained(3), at: noon)
        #expect(canary.allowance == 3 && canary.isCanary)
        for expected in 4...6 {
            canary.note(.registered, at: noon)
            #expect(canary.allowance == expected && !canary.isCanary)
        }
        #expect(canary.headroom(inFlight: 2, at: noon)?.instances == 4)
        canary.note(.obtained(3), at: noon)
        #expect(canary.allowance == 6, "its workers go on proving it")
    }

    @Test("A try that succeeds halves what is held against it, and ends its rest")
    func forgives() {
        var health = troubled()
        #expect(health.failures == 5 && health.restsUntil != nil)
        health.note(.registered, at: noon)
        #expect(health.failures == 5 && health.restsUntil != nil, "one that was launched before")
        health.note(.obtained(0), at: noon)
        #expect(health.failures == 5 && health.restsUntil != nil, "nothing was given")
        health.note(.obtained(1), at: noon)
        #expect(health.failures == 2.5 && health.restsUntil == nil)
        #expect(health.headroom(inFlight: 0, at: noon)?.instances == 2)
    }

    @Test("Trust grows by itself after a proof, as long as nothing fails")
    func quiet() {
        var health = troubled()
        #expect(health.allowance(at: noon + .seconds(600)) == 1, "nothing has been proved")
        health.note(.obtained(1), at: noon)
        let minutes = [0, 4, 8, 12, 16, 20, 21].map { health.allowance(at: noon + .seconds($0 * 60)) }
        #expect(minutes == [2, 2, 4, 8, 16, 32, nil])
        health.note(.refused(1, .transient), at: noon + .seconds(240))
        #expect(health.allowance(at: noon + .seconds(600)) == 1)
    }

    @Test(
        "What trouble has left lapses as its errors age; a canary has to prove itself, however long it takes")
    func lapses() {
        let health = troubled()
        #expect(health.allowance(at: noon + .seconds(7_199)) == 1)
        #expect(health.allowance(at: noon + .seconds(7_200)) == nil)
        var canary = Health(at: noon, allowance: 3, isCanary: true)
        #expect(canary.allowance(at: noon + .seconds(86_400)) == 3)
        canary.note(.registered, at: noon)
        #expect(!canary.isCanary && canary.allowance == 4)
    }

    @Test("A success without trouble changes no trust, and a single failure takes none away")
    func trusted() {
        var health = Health(at: noon)
        health.note(.registered, at: noon)
        health.note(.obtained(1), at: noon)
        health.note(.refused(1, .transient), at: noon)
        #expect(
            health.allowance == nil && health.failures == 1 && health.headroom(inFlight: 9, at: noon) == nil)
    }

    @Test("One of which half fails is in trouble; a canary of which little does risks half")
    func tolerance() {
        var half = Health(successes: 10, failures: 5, at: noon)
        half.note(.refused(1, .transient), at: noon)
        #expect(half.allowance == nil)
        half.note(.refused(1, .transient), at: noon)
        #expect(half.allowance == 1)
        var canary = Health(successes: 20, failures: 0, at: noon, allowance: 9)
        canary.note(.refused(1, .transient), at: noon)
        #expect(canary.allowance == 4 && canary.restsUntil == nil)
    }

    @Test(
        "Any failure while it recovers begins anew, and what fails again within two hours rests longer at once"
    )
    func relapses() {
        var health = troubled()
        health.note(.obtained(3), at: noon)
        #expect(health.allowance == 4)
        let later = noon + .seconds(60)
        _ = health.launch(at: later)
        health.note(.refused(1, .transient), at: later)
        #expect(health.allowance == 1 && health.setbacks == 2)
        health.note(.obtained(32), at: later)
        #expect(health.allowance == nil && health.restsUntil == nil)
        var aged = health
        health.note(.refused(5, .transient), at: later + .seconds(7_199))
        #expect(health.setbacks == 3 && health.restsUntil == later + .seconds(7_199 + 240))
        aged.note(.refused(5, .transient), at: later + .seconds(7_200))
        #expect(aged.setbacks == 1 && aged.restsUntil == later + .seconds(7_200 + 60))
    }

    @Test("What is on its way for long holds up the next for two minutes at the longest")
    func slowProbe() {
        var health = Health(at: noon, allowance: 1, isCanary: true)
        #expect(health.headroom(inFlight: 1, at: noon)?.instances == 1, "nothing was tried yet")
        let isNoted = health.launch(at: noon)
        #expect(isNoted)
        let blocked = health.headroom(inFlight: 1, at: noon + .seconds(119))
        #expect(blocked?.instances == 0 && blocked?.until == noon + .seconds(120))
        #expect(health.headroom(inFlight: 1, at: noon + .seconds(120))?.instances == 1)
        var trusted = Health(at: noon)
        let isTrustedNoted = trusted.launch(at: noon)
        #expect(!isTrustedNoted && trusted.triedAt == nil)
    }

    @Test("A call of which no answer comes holds up the next for two minutes, whatever else is on its way")
    func noAnswer() {
        var health = troubled()
        _ = health.launch(at: noon + .seconds(60))
        let blocked = health.headroom(inFlight: 0, at: noon + .seconds(179))
        #expect(blocked?.instances == 0 && blocked?.until == noon + .seconds(180))
        #expect(health.headroom(inFlight: 9, at: noon + .seconds(180))?.instances == 1)
    }

    @Test("Silent workers are counted until one is heard of, and a person's word begins carefully")
    func silent() {
        var health = troubled()
        for _ in 0..<3 { health.note(.neverCame(ran: true), at: noon) }
        #expect(health.silentInARow == 3)
        health.note(.heard, at: noon)
        #expect(health.silentInARow == 0)
        health.note(.neverCame(ran: true), at: noon)
        health.resume(at: noon)
        #expect(health.silentInARow == 0 && health.failures == 0 && health.allowance == 1)
        #expect(health.restsUntil == nil && health.setbacks == 0)
    }

    @Test("However many setbacks somebody names, the rest is the longest", arguments: [4, 64, 1_000_000_000])
    func manySetbacks(count: Int) {
        let health = Health(at: noon, allowance: 1, setbacks: count, failedAt: noon)
        #expect(health.restsUntil == noon + DecisionPolicy.longestRest)
    }
}
