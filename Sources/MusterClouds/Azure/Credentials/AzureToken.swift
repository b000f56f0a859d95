import MusterCore
import MusterHTTP
import MusterRuntime

/// The token that calls of the resource manager carry.
final class AzureToken: Sendable {
    private let value: ExpiringValue<Secret<String>>

    init(_ configuration: AzureConfiguration, client: PacedClient, clock: any WallClock) {
        let fetch = AzureTokenFetch(configuration: configuration, client: client, clock: clock)
        value = ExpiringValue(clock: clock, refreshBefore: CloudPolicy.azureTokenRefresh) {
            () async throws(Problem) in try await fetch.run()
        }
    }

    /// The token as it is now.
    ///
    /// - Throws: `notAuthenticated` when Azure refuses the credential, `unavailable` when it cannot be had, or what
    ///   reading the credential threw.
    func current() async throws(Problem) -> Secret<String> { try await value.current() }

    /// It was refused: the next caller waits for another one.
    func refused() { value.invalidate() }
}
