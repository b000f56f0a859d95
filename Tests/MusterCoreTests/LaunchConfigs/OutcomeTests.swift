import MusterCore
import Testing

@Suite("What an outcome says of a launch config")
struct OutcomeTests {
    @Test(
        "Each is a success, a failure, or nothing of its doing",
        arguments: [
            (.refused(1, .capacity(offering: "o")), 0, 1, 0), (.refused(3, .transient), 0, 3, 0),
            (.refused(100, .quota(scope: "s")), 0, 5, 0), (.refused(2, .throttled(retryAfter: nil)), 0, 0, 0),
            (.abandoned, 0, 1, 0), (.unusable, 0, 1, 0), (.registered, 1, 0, 0), (.heard, 0, 0, 0),
            (.neverCame(ran: false), 0, 1, 0), (.neverCame(ran: true), 0, 1, 1),
        ] as [(Health.Outcome, Double, Double, Int)])
    func counts(outcome: Health.Outcome, successes: Double, failures: Double, silent: Int) {
        var health = Health(at: noon)
        health.note(outcome, at: noon)
        #expect(health.successes == successes && health.failures == failures)
        #expect(health.silentInARow == silent)
    }

    @Test("So many silent ones in a row are too many, and none are where nobody counts")
    func silent() {
        var health = Health(at: noon)
        for _ in 0..<3 { health.note(.neverCame(ran: true), at: noon) }
        #expect(!health.isSilent(beyond: 4) && health.isSilent(beyond: 3) && !health.isSilent(beyond: 0))
        health.note(.registered, at: noon)
        #expect(health.isSilent(beyond: 3), "registering is not working")
        health.note(.heard, at: noon)
        #expect(!health.isSilent(beyond: 1))
    }
}
