import MusterCore
import MusterRuntime

/// Asks again and again until `test` holds, for what tells nobody that it has happened.
func waitUntil(
    _ what: String, within patience: Duration = .seconds(60), _ test: () async throws -> Bool
) async throws {
    let clock = SystemClock()
    let deadline = clock.now() + patience
    while try await !test() {
        guard clock.now() < deadline else {
            throw Problem(.networkTimeout, "\(what) did not happen within \(patience)")
        }
        try await clock.sleep(for: .milliseconds(50))
    }
}
