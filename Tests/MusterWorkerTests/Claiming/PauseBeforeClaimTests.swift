import MusterCore
import Testing

@testable import MusterWorker

@Suite("The pause before a claim")
struct PauseBeforeClaimTests {
    private static let limits = [1, 2, 3, 8, 64, 1_000].map(WorkLimit.tasks) + [.unlimited]

    @Test("grows with what runs, from nothing to the longest", arguments: limits)
    func monotone(limit: WorkLimit) {
        let pauses = (0...2_000).map { pauseBeforeClaim(running: $0, limit: limit) }
        #expect(pauses[0] == .zero)
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(pauses.allSatisfy { $0 <= WorkerPolicy.longestPause })
        if case .tasks(let number) = limit {
            #expect(pauses[max(1, number - 1)] == WorkerPolicy.longestPause)
        } else {
            #expect(pauses[WorkerPolicy.unlimitedHalfPause] == WorkerPolicy.longestPause / 2)
        }
    }

    @Test("never grows with the limit", arguments: [0, 1, 2, 7, 40])
    func limit(running: Int) {
        let pauses = (1...100).map { pauseBeforeClaim(running: running, limit: .tasks($0)) }
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test("is short while there is much room")
    func half() {
        #expect(pauseBeforeClaim(running: 4, limit: .tasks(9)) == WorkerPolicy.longestPause / 4)
    }
}
