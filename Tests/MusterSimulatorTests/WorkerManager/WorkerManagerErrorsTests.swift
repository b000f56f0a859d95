import MusterCore
import MusterSimulator
import Testing

@Suite struct WorkerManagerErrorsTests {
    @Test("An error counts for an hour and then not at all")
    func window() {
        var errors = WorkerManagerErrors()
        errors.report(3, of: lc("a"), at: noon)
        errors.report(of: nil, at: noon + .seconds(60))
        errors.report(of: lc("b"), at: noon + .seconds(1_800))
        let full = WorkerManagerErrors.Tally(total: 5, byLaunchConfig: [lc("a"): 3, lc("b"): 1])
        #expect(errors.tally(at: noon + .seconds(1_800)) == full)
        #expect(errors.tally(at: noon + .milliseconds(3_599_999)) == full)
        #expect(
            errors.tally(at: noon + .seconds(3_600)) == .init(total: 2, byLaunchConfig: [lc("b"): 1]))
        #expect(
            errors.tally(at: noon + .seconds(3_660)) == .init(total: 1, byLaunchConfig: [lc("b"): 1]))
        #expect(errors.tally(at: noon + .seconds(9_000)) == .init())
    }

    @Test("However errors come, the tally is that of a fresh count")
    func freshCount() {
        var generator = SeededGenerator(seed: 3)
        var errors = WorkerManagerErrors()
        var all: [(at: Timestamp, id: LaunchConfigID?)] = []
        var now = noon
        for _ in 0..<2_000 {
            now = now + .seconds(Int.random(in: 0...120, using: &generator))
            let id = [nil, lc("a"), lc("b")].randomElement(using: &generator) ?? nil
            errors.report(of: id, at: now)
            all.append((now, id))
            let recent = all.filter { $0.at > now - .seconds(3_600) }
            var byLaunchConfig: [LaunchConfigID: Int] = [:]
            for error in recent { if let id = error.id { byLaunchConfig[id, default: 0] += 1 } }
            #expect(
                errors.tally(at: now) == .init(total: recent.count, byLaunchConfig: byLaunchConfig))
        }
    }
}
