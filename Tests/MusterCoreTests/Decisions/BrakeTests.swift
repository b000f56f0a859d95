import MusterCore
import Testing

@Suite("The brake on instances per hour")
struct BrakeTests {
    private func braked(
        _ configs: [LaunchConfigSnapshot], pending: Int, limit: Int, asked: Int, first: Timestamp? = noon
    ) -> Plan {
        var snapshot = snapshot(configs, pending: pending)
        snapshot.brake = PoolSnapshot.Brake(instancesPerHour: limit, asked: asked, first: first)
        return plan(snapshot)
    }

    @Test("lets through what is left of the hour, and says until when the rest waits")
    func left() {
        let plan = braked([config("c")], pending: 10, limit: 8, asked: 5, first: noon - .seconds(600))
        #expect(plan.launches.map(\.count) == [3] && plan.toLaunch == 3)
        let until = noon + .seconds(3_000)
        #expect(plan.reasons.contains(.braked(instancesPerHour: 8, until: until)))
        #expect(plan.brakeLoosens == until)
        // Nothing else is to blame.
        #expect(!plan.reasons.contains { if case .noRoom = $0 { true } else { false } })
    }

    @Test("is not noticed as long as there is enough left")
    func enough() {
        let plan = braked([config("c")], pending: 3, limit: 8, asked: 5)
        #expect(plan.toLaunch == 3 && plan.brakeLoosens == nil)
    }

    @Test("counts instances, not what they can run")
    func instances() {
        let plan = braked([config("c", unit: 4)], pending: 40, limit: 5, asked: 0, first: nil)
        #expect(plan.launches.map(\.count) == [5] && plan.toLaunch == 20)
    }

    @Test("keeps the shares even")
    func shares() {
        let plan = braked([config("a"), config("b"), config("c")], pending: 30, limit: 8, asked: 0)
        #expect(plan.launches.map(\.count).sorted() == [2, 3, 3])
    }

    @Test("lets those bring the most that it leaves, where instances bring different capacity")
    func unequal() {
        let plan = braked([config("small"), config("large", unit: 10)], pending: 30, limit: 4, asked: 0)
        // Two large ones and two small ones would be the shares, and bring 22.
        #expect(plan.toLaunch == 30 && plan.launches.map(\.count) == [3])
        let tight = braked([config("small"), config("large", unit: 10)], pending: 30, limit: 2, asked: 0)
        #expect(tight.toLaunch == 20 && tight.reasons.contains { $0.code == "braked" })
    }

    @Test("never lets more instances through than are left, and stops nothing that they are enough for")
    func bounds() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            var shot = randomSnapshot(&generator)
            let free = plan(shot)
            let limit = Int.random(in: 0...40, using: &generator)
            shot.brake = PoolSnapshot.Brake(instancesPerHour: limit, asked: 0, first: nil)
            let braked = plan(shot)
            let instances = braked.launches.map(\.count).reduce(0, +)
            #expect(instances <= limit && braked.launches.allSatisfy { $0.count > 0 })
            let isSaid = braked.reasons.contains { $0.code == "braked" }
            #expect(isSaid == (braked.toLaunch < free.toLaunch))
            if isSaid, limit > 0 { #expect(instances > 0) }
        }
    }
}
