import MusterRuntime
import MusterTesting
import Testing

@Suite("Deadlines", .timeLimit(.minutes(1))) struct DeadlineTests {
    @Test("what makes a step within each bound is waited for, if that is wanted", arguments: [false, true])
    func patience(isPatient: Bool) async {
        let clock = ManualClock()
        let answer = Task {
            await Deadline.run(within: .seconds(10), clock: clock, isPatient: isPatient) {
                for _ in 0..<3 {
                    try? await clock.sleep(for: .seconds(8))
                    Progress.step()
                }
                return "done"
            } late: {
                "late"
            }
        }
        await clock.hasSleepers(2)
        clock.advance(by: .seconds(8))
        await clock.hasSleepers(2)
        clock.advance(by: .seconds(2))
        guard isPatient else {
            #expect(await answer.value == "late")
            return
        }
        await clock.hasSleepers(2)
        clock.advance(by: .seconds(6))
        await clock.hasSleepers(2)
        clock.advance(by: .seconds(8))
        #expect(await answer.value == "done")
    }

    @Test("what makes none is late all the same") func silence() async {
        let clock = ManualClock()
        let answer = Task {
            await Deadline.run(within: .seconds(10), clock: clock, isPatient: true) {
                try? await clock.sleep(for: .seconds(100))
                return "done"
            } late: {
                "late"
            }
        }
        await clock.hasSleepers(2)
        clock.advance(by: .seconds(10))
        #expect(await answer.value == "late")
    }
}
