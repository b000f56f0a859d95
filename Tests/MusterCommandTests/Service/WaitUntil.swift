import MusterCore
import MusterRuntime

/// Asks again and again until `test` holds, for what tells nobody that it has happened.
///
/// - Parameter state: what to tell of beside it when it did not.
func waitUntil(
    _ what: String, within patience: Duration = .seconds(60), state: () -> String = { "" },
    _ test: () async throws -> Bool
) async throws {
    let clock = SystemClock()
    let deadline = clock.now() + patience
    while try await !test() {
        guard clock.now() < deadline else {
            throw Problem(.networkTimeout, "\(what) did not happen within \(patience)\(state())")
        }
        try await clock.sleep(for: .milliseconds(50))
    }
}
