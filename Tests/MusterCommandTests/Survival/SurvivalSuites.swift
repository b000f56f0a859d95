import MusterAPI
import MusterCore
import MusterRuntime
import Testing

/// The suites of what else goes wrong: most of their time they wait for what is slow on purpose, so that they are
/// a row of their own.
@Suite(.serialized) enum SurvivalSuites {}

extension MusterFleet {
    /// The states of the first tasks.
    func states(_ count: Int) async throws -> [String] {
        var states: [String] = []
        for index in 0..<count { states.append(try await task(index).state) }
        return states
    }

    /// Looks at the first tasks again and again for `time`: all of them must run on.
    func keepRunning(_ count: Int, for time: Duration) async throws {
        let clock = SystemClock()
        let end = clock.uptime() + time
        while clock.uptime() < end {
            let states = try await states(count)
            guard states.allSatisfy({ $0 == "running" }) else {
                throw Problem(.answerUnexpected, "a task does not run on: \(states)")
            }
            try await clock.sleep(for: .milliseconds(100))
        }
    }
}
