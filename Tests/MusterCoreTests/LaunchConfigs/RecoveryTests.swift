import Testing

@testable import MusterCore

@Suite("Trust in a launch config")
struct RecoveryTests {
    private func troubled() -> Health {
        var health = Health(at: noon)
        health.fail(5, at: noon)
        return health
    }

    @Test(
        "One is on its way at a time after trouble, and each round has twice as many, until it is trusted again"
    )
    func doubles() {
        var health = troubled()
        var rounds: [Int] = []
        while let allowance = health.allowance {
            rounds.append(allowance)
            for _ in 0..<allowance { health.succeed(at: noon) }
        }
        #expect(rounds == [1, 2, 4, 8, 16, 32])
    }

    @Test("A probe that succeeds halves what is held against it, and ends its rest")
    func forgives() {
        var health = troubled()
        #expect(health.failures == 5 && health.restsUntil != nil)
        health.succeed(at: noon)
        #expect(health.failures == 2.5 && health.restsUntil == nil)
        #expect(health.headroom(inFlight: 0, at: noon)?.instances == 2)
    }

    @Test(
        "What trouble has left lapses as its errors age; a canary has to prove itself, however long it takes")
    func lapses() {
        let health = troubled()
        #expect(health.allowance(at: noon + .seconds(3_599)) == 1)
        #expect(health.allowance(at: noon + .seconds(3_600)) == nil)
        var canary = Health(at: noon, allowance: 3, isCanary: true)
        #expect(canary.allowance(at: noon + .seconds(86_400)) == 3)
        canary.succeed(at: noon)
        #expect(!canary.isCanary && canary.allowance == 4)
    }

    @Test("A success without trouble changes no trust, and a single failure takes none away")
    func trusted() {
        var health = Health(at: noon)
        health.succeed(at: noon)
        health.fail(at: noon)
        #expect(
            health.allowance == nil && health.failures == 1 && health.headroom(inFlight: 9, at: noon) == nil)
    }

    @Test("A failure while it recovers halves its trust; when most fails again it begins anew")
    func relapses() {
        var health = Health(successes: 20, failures: 5, at: noon, allowance: 9)
        health.fail(at: noon)
        #expect(health.allowance == 4)
        for _ in 0..<40 { health.fail(5, at: noon) }
        #expect(health.allowance == 1)
    }

    @Test("What is on its way for long holds up the next for two minutes at the longest")
    func slowProbe() {
        var health = troubled()
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
        #expect(health.restsUntil == nil)
    }
}
