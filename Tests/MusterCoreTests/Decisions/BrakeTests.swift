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

    @Test("takes from the largest launches first, never launches more than is left, and launches it all")
    func shares() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            var shot = randomSnapshot(&generator)
            let free = plan(shot)
            let asked = free.launches.map(\.count).reduce(0, +)
            let limit = Int.random(in: 0...40, using: &generator)
            shot.brake = PoolSnapshot.Brake(instancesPerHour: limit, asked: 0, first: nil)
            let braked = plan(shot)
            let left = braked.launches.map(\.count).reduce(0, +)
            #expect(left == min(limit, asked))
            #expect(braked.launches.allSatisfy { $0.count > 0 })
            #expect(braked.toLaunch == braked.launches.map(\.capacity).reduce(0, +))
            let largest = braked.launches.map(\.count).max() ?? 0
            // Whatever was cut is as large as the largest that is left, or one less.
            for launch in free.launches {
                let now = braked.launches.first { $0.launchConfigID == launch.launchConfigID }?.count ?? 0
                #expect(now == launch.count || now >= largest - 1)
            }
        }
    }
}
