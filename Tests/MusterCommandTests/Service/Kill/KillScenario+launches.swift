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

    /// It has been sent as often as a launch is, and nothing ever came of it.
    static let launchAbandoned = KillScenario(
        prepare: { fleet in
            try await interruptedLaunch(at: .launchIntended)(fleet)
            for _ in 0..<DecisionPolicy.launchAttempts {
                try await fleet.die(at: KillPlace(point: .launchResent)) { _ in }
            }
        },
        recover: endEveryday,
        outcome: Outcome(events: [.launchAbandoned: 1]))

    /// A launch is left of a provider that is not enabled any more. When it is forgotten nobody waits for it; what is
    /// left is forgotten by repeating it, and then the provider is back.
    static let providerForgotten = KillScenario(
        prepare: { fleet in
            try await interruptedLaunch(at: .launchIntended)(fleet)
            try fleet.configure(provider: "other")
        },
        provoke: forget,
        recover: { fleet in
            try await forget(fleet)
            await fleet.stop()
            try fleet.configure()
            try await fleet.start()
            try await endEveryday(fleet)
        },
        isRepeatable: false, outcome: Outcome(events: [.launchAbandoned: 1]))

    private static let forget: Step = { fleet in
        let outcome = try await fleet.muster("provider", "forget", "local")
        guard outcome.status == .code(0) else { throw Problem(.unavailable, outcome.errors) }
    }

    /// A provider that can tell where it points, and that nobody answers for.
    static let placeKept = KillScenario(
        prepare: { try $0.configure(beside: ", far: {kind: google, project: far-away}") },
        recover: endEveryday)
}
