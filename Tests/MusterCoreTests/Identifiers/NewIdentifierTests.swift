import Testing

@testable import MusterCore

@Suite("Ids that Muster makes")
struct NewIdentifierTests {
    @Test("Later ids come after earlier ones, whatever chance says")
    func order() {
        var generator = SeededGenerator(seed: 3)
        let moments: [Int64] = [
            0, 1, 31, 32, 1_023, 1_024, 1_800_000_000_000, 1_800_000_000_001, 4_102_444_800_000,
        ]
        let ids = moments.map { moment in
            NewIdentifier.ordered(
                prefix: "l", at: Timestamp(milliseconds: moment), using: &generator)
        }
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    }

    @Test("Ids of one moment differ")
    func unique() {
        var generator = SeededGenerator(seed: 4)
        let ids = Set((0..<5_000).map { _ in NewIdentifier.task(at: noon, using: &generator) })
        #expect(ids.count == 5_000)
    }

    @Test("An id fits wherever a cloud puts it: a letter first, no upper case, room for a worker's ordinal")
    func shape() {
        var generator = SeededGenerator(seed: 5)
        for milliseconds in [Int64.min, -1, 0, 1_800_000_000_000, Int64.max] {
            let moment = Timestamp(milliseconds: milliseconds)
            let launch = NewIdentifier.launch(at: moment, using: &generator).rawValue
            #expect(launch.hasPrefix("l") && launch.utf8.count == 27)
            #expect(launch.allSatisfy { $0.isLowercase || $0.isNumber })
            #expect(LaunchID.accepts(launch))
            // The largest call makes instances with ordinals of so many digits.
            #expect(WorkerID.accepts("\(launch)-\(DecisionPolicy.instancesPerLaunch - 1)"))
            let task = NewIdentifier.task(at: moment, using: &generator).rawValue
            #expect(task.hasPrefix("t") && TaskID.accepts(task))
        }
    }

    @Test("The same numbers make the same id")
    func repeatable() {
        var one = SeededGenerator(seed: 6)
        var two = SeededGenerator(seed: 6)
        let first = NewIdentifier.launch(at: noon, using: &one)
        let same = NewIdentifier.launch(at: noon, using: &two)
        let next = NewIdentifier.launch(at: noon, using: &two)
        #expect(first == same && first != next)
    }
}
