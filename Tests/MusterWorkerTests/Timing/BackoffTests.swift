import MusterCore
import Testing

@testable import MusterWorker

@Suite("Waiting")
struct BackoffTests {
    private let backoff = Backoff(base: .seconds(1), cap: .seconds(30))
    private let chance = Chance(SeededGenerator(seed: 1))

    @Test(
        "the bound doubles up to the cap",
        arguments: [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (7, 30), (1_000_000, 30)])
    func bound(failures: Int, seconds: Int) {
        #expect(backoff.bound(afterFailures: failures) == .seconds(seconds))
    }

    @Test("waits are drawn from the whole of it")
    func jitter() {
        let waits = (0..<200).map { _ in backoff.wait(afterFailures: 4, chance: chance) }
        #expect(waits.allSatisfy { .zero <= $0 && $0 <= .seconds(8) })
        #expect(waits.contains { $0 < .seconds(2) })
        #expect(waits.contains { $0 > .seconds(6) })
    }

    @Test("what the service asks for is heeded within the cap")
    func retryAfter() {
        for _ in 0..<50 {
            let wait = backoff.wait(afterFailures: 1, retryAfter: .seconds(10), chance: chance)
            #expect(wait >= .seconds(10) && wait <= .seconds(11))
            #expect(
                backoff.wait(afterFailures: 1, retryAfter: .seconds(86_400), chance: chance) <= .seconds(31))
        }
    }

    @Test("a claim is renewed with a third of it left at the latest, and not all at once")
    func renewal() {
        let waits = (0..<200).map { _ in RenewalTime.wait(for: .seconds(300), chance: chance) }
        #expect(waits.allSatisfy { .seconds(150) <= $0 && $0 <= .seconds(200) })
        #expect(Set(waits).count > 100)
        #expect(RenewalTime.wait(for: .seconds(-5), chance: chance) == WorkerPolicy.shortestRenewal)
    }

    @Test("words are long and differ")
    func words() {
        let words = Set((0..<100).map { _ in chance.word() })
        #expect(words.count == 100)
        #expect(words.allSatisfy { $0.utf8.count == 32 })
    }
}
