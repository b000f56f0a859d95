import Testing

@testable import MusterCore

@Suite("Sums of whole instances")
struct InstanceSumsTests {
    private typealias Kind = InstanceSums.Kind

    /// Every choice there is.
    private func all(_ kinds: [Kind]) -> [InstanceSums.Choice] {
        kinds.reduce([InstanceSums.Choice(capacity: 0, counts: [])]) { choices, kind in
            choices.flatMap { choice in
                (0...kind.most).map {
                    InstanceSums.Choice(
                        capacity: choice.capacity + $0 * kind.unit, counts: choice.counts + [$0])
                }
            }
        }
    }

    private func someKinds(
        _ count: ClosedRange<Int>, _ units: ClosedRange<Int>, _ most: ClosedRange<Int>,
        _ generator: inout SeededGenerator
    ) -> [Kind] {
        var taken: Set<Int> = []
        for _ in 0..<Int.random(in: count, using: &generator) {
            taken.insert(Int.random(in: units, using: &generator))
        }
        let factor = Int.random(in: 1...3, using: &generator)
        return taken.sorted(by: >).map { Kind(unit: $0 * factor, most: .random(in: most, using: &generator)) }
    }

    private func check(_ kinds: [Kind], _ generator: inout SeededGenerator) {
        let total = kinds.reduce(0) { $0 + $1.unit * $1.most }
        let room = Int.random(in: 0...total + 20, using: &generator)
        let needed = Int.random(in: 0...room, using: &generator)
        let most = kinds.reduce(0) { $0 + $1.most }
        let instances =
            Bool.random(using: &generator) ? Int.max : Int.random(in: 0...most + 1, using: &generator)
        let within = all(kinds).filter { $0.capacity <= room && $0.counts.reduce(0, +) <= instances }
        let enough = within.map(\.capacity).filter { $0 >= needed }.min()
        let expected = enough ?? within.map(\.capacity).max() ?? 0
        let found = InstanceSums(kinds).choice(for: needed, within: room, instances: instances)
        #expect(
            found.capacity == expected, "\(kinds): \(needed) within \(room), \(instances) instances")
        let fewest = within.filter { $0.capacity == expected }.map { $0.counts.reduce(0, +) }.min()
        let count = found.counts.reduce(0, +)
        #expect(instances < needed ? count == fewest : count <= instances)
        #expect(zip(kinds, found.counts).reduce(0) { $0 + $1.0.unit * $1.1 } == found.capacity)
        #expect(zip(kinds, found.counts).allSatisfy { $0.most >= $1 })
    }

    @Test(
        "The smallest that is enough, else the largest, of few instances: as trying all of them tells")
    func exact() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<1_500 {
            check(someKinds(2...4, 1...12, 0...5, &generator), &generator)
        }
    }

    @Test("The same of many instances of two kinds")
    func many() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<60 { check(someKinds(2...2, 1...17, 0...120, &generator), &generator) }
    }

    @Test("A million is as quick as ten, and exact")
    func large() {
        let sums = InstanceSums([Kind(unit: 11, most: 1_000_000), Kind(unit: 7, most: 1_000_000)])
        for needed in 1_000_000..<1_000_030 {
            #expect(sums.choice(for: needed, within: 2_000_000, instances: .max).capacity == needed)
        }
        let bounded = InstanceSums([Kind(unit: 10_000, most: 90_000), Kind(unit: 9_999, most: 90_000)])
        let choice = bounded.choice(for: 800_000_000, within: 900_000_000, instances: .max)
        #expect((800_000_000..<800_010_000).contains(choice.capacity))
    }

    @Test("Those near to what is wanted come to the sum and differ little from it")
    func near() throws {
        let sums = InstanceSums([Kind(unit: 10, most: 50), Kind(unit: 5, most: 9), Kind(unit: 3, most: 4)])
        #expect(sums.counts(comingTo: 100, near: [5, 9, 0]) == [6, 8, 0])
        #expect(sums.counts(comingTo: 13, near: [1, 0, 0]) == [1, 0, 1])
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let kinds = someKinds(2...3, 1...9, 0...6, &generator)
            let choices = all(kinds)
            let goal = try #require(choices.randomElement(using: &generator))
            let wanted = try #require(choices.randomElement(using: &generator)).counts
            let counts = try #require(
                InstanceSums(kinds).counts(comingTo: goal.capacity, near: wanted), "\(kinds)")
            #expect(zip(kinds, counts).reduce(0) { $0 + $1.0.unit * $1.1 } == goal.capacity)
            #expect(zip(kinds, counts).allSatisfy { $0.most >= $1 && $1 >= 0 })
        }
    }

    @Test("So few instances that only the largest are enough: these")
    func fewOfLargeUnits() {
        let sums = InstanceSums([Kind(unit: 1_000, most: 5), Kind(unit: 3, most: 1_000)])
        let choice = sums.choice(for: 1_998, within: 10_000, instances: 2)
        #expect(choice.capacity == 2_000 && choice.counts == [2, 0])
    }
}
