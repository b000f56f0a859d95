import MusterCore
import MusterHTTP
import Testing

struct BackoffTests {
    private let backoff = Backoff(base: .milliseconds(500), longest: .seconds(10))

    @Test("the bound doubles up to the longest")
    func bounds() {
        let bounds = (0...8).map { backoff.bound(after: $0) }
        #expect(
            bounds == [
                .milliseconds(500), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8),
                .seconds(10), .seconds(10), .seconds(10),
            ])
        #expect(backoff.bound(after: .max) == .seconds(10))
    }

    @Test("waits are spread over all that the bound allows, the same for the same seed")
    func jitter() {
        var chance = SeededGenerator(seed: 7)
        let waits = (0..<1_000).map { _ in backoff.wait(after: 3, using: &chance) / .seconds(1) }
        #expect(waits.allSatisfy { (0...2).contains($0) })
        for quarter in 0..<4 {
            let part = waits.count { $0 >= Double(quarter) / 2 && $0 < Double(quarter + 1) / 2 }
            #expect((200...300).contains(part))
        }
        var other = SeededGenerator(seed: 7)
        #expect(backoff.wait(after: 3, using: &other) / .seconds(1) == waits[0])
    }

    @Test("what was asked for is waited for, and little more")
    func asked() {
        var chance = SeededGenerator(seed: 1)
        let waits = (0..<100).map { _ in backoff.wait(atLeast: .seconds(30), using: &chance) }
        #expect(waits.allSatisfy { (.seconds(30)...(.milliseconds(30_500))).contains($0) })
        #expect(Set(waits).count > 90)
    }
}
