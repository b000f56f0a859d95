import MusterCore
import MusterRuntime

/// Launches and the passes that decide them.
extension KillScenario {
    /// The first pass after the pause's end takes it away and launches nothing yet: no task waits.
    static let pauseEnded = KillScenario(
        provoke: { fleet in
            try await fleet.define()
            try await fleet.pause(until: SystemClock().now() + .seconds(1))
        },
        recover: endEveryday,
        outcome: Outcome(events: [.poolPaused: 1, .poolResumed: 1]))

    /// The first instance or the second. A launch that has given one is not sent again: what it lacks is asked
    /// for anew if it is still needed.
    static let launchStarted = KillScenario(
        provoke: beginEveryday, times: 2, recover: endEveryday, outcome: Outcome(instances: 1...2))

    /// The process that was recorded has been held back for good: its instance is gone and another comes.
    static let instanceRecorded = KillScenario(
        provoke: beginEveryday, times: 2, recover: endEveryday, outcome: Outcome(instances: 2...4))

    static let launchAdopted = KillScenario(
        prepare: interruptedLaunch(at: .launchAnswered), recover: endEveryday)

    static let launchResent = KillScenario(
        prepare: interruptedLaunch(at: .launchIntended), recover: endEveryday)

    /// Its provider is not enabled any more, so that nobody can be asked what came of it.
    static let launchAbandoned = KillScenario(
        prepare: { fleet in
            try await interruptedLaunch(at: .launchIntended)(fleet)
            try fleet.configure(provider: "other")
        },
        // It has been read by then: the next start has the provider again.
        provoke: { try $0.configure() },
        recover: endEveryday,
        outcome: Outcome(events: [.launchAbandoned: 1]))
}
