import MusterCore
import MusterRuntime
import Testing

@testable import MusterEngine

@Suite("Questions that are answered together")
struct GatheringTests {
    private let pool = PoolID(rawValue: "demo/build")

    @Test("Those that come while others are answered share the next answer, and each gets its own part")
    func together() async throws {
        let batches = Locked<[Int]>([])
        let gate = WakeSignal()
        let gathering = Gathering<Int, Int>(limit: 8) { _, questions in
            let isFirst = batches.withLock { batches in
                batches.append(questions.count)
                return batches.count == 1
            }
            if isFirst { await gate.wait(for: .seconds(30), clock: SystemClock()) }
            return questions.map { $0 * 2 }
        }
        let pool = pool
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask { try await gathering.ask(number, of: pool) == number * 2 }
            }
            while batches.withLock({ $0.isEmpty }) { await Task.yield() }
            gate.wake()
            for try await isRight in group { #expect(isRight) }
        }
        let sizes = batches.withLock { $0 }
        #expect(sizes.reduce(0, +) == 20 && sizes.allSatisfy { $0 <= 8 })
    }

    @Test("One that fails does not take the others along")
    func failure() async throws {
        let gathering = Gathering<Int, Int>(limit: 8) { _, questions in
            guard !questions.contains(3) else { throw Problem(.conflict, "three") }
            return questions
        }
        let pool = pool
        let failed = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<6 {
                group.addTask {
                    do {
                        return try await gathering.ask(number, of: pool) == number ? nil : number
                    } catch {
                        return number
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
        }
        #expect(failed == [3])
    }
}
