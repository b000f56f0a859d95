import MusterCore
import Testing

@Suite("A decision on demand from outside")
struct ExternalDemandTests {
    @Test("says what is assumed")
    func assumptions() {
        var shot = snapshot([config("c")], pending: 1)
        shot.assumption = .noClaims
        #expect(plan(shot).reasons.contains(.assumed(.noClaims)))
        shot.demand = .unknown(because: "out")
        // Nothing is assumed of what nobody knows.
        #expect(!plan(shot).reasons.contains(.assumed(.noClaims)))
    }

    @Test("takes numbers for unknown when they are older than the source allows")
    func staleness() {
        var shot = snapshot([config("c")], pending: 5, min: 1)
        shot.demand = .known(pending: 5, claimed: 0, observedAt: noon - .seconds(30))
        shot.demandStaleness = .seconds(30)
        #expect(plan(shot).toLaunch == 5)
        shot.demandStaleness = .seconds(29)
        #expect(plan(shot).toLaunch == 1)
        #expect(plan(shot).demand != shot.demand)
    }

    @Test("retires nobody for its number when nobody knows who idles, and says so")
    func idleUnknown() {
        var shot = snapshot([config("c", running: 3)], pending: 0)
        shot.isIdleKnown = false
        let plan = plan(shot)
        #expect(plan.retirements.isEmpty && plan.reasons.contains(.idleUnknown))
        shot.demand = .known(pending: 3, claimed: 0, observedAt: noon)
        #expect(!MusterCoreTests.plan(shot).reasons.contains(.idleUnknown))
    }

    @Test("launches nothing for workers that would have nobody to register with")
    func needsService() {
        let plan = plan(snapshot([config("c")], pending: 3, hold: .needsService))
        #expect(plan.toLaunch == 0 && plan.reasons.contains(.held(.needsService)))
    }
}
