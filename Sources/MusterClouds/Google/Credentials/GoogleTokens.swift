import MusterCore
import MusterHTTP
import MusterRuntime

/// The token that calls to Google carry: fetched once for all who need it, and again before it ends.
final class GoogleTokens: Sendable {
    /// What the token may be used for; what the account may do says its roles.
    static let scope = "https://www.googleapis.com/auth/cloud-platform"

    private let token: ExpiringValue<Secret<String>>

    init(_ configuration: GoogleProviderConfiguration, client: PacedClient, clock: any WallClock) {
        let grant = GoogleTokenGrant(configuration, client: client, clock: clock)
        token = ExpiringValue(clock: clock, refreshBefore: GooglePolicy.tokenRefreshBefore) {
            () async throws(Problem) in try await grant.fetch()
        }
    }

    /// The header that carries it.
    ///
    /// - Throws: why there is none: `notAuthenticated` when Google refused, else what the call threw.
    func header() async throws(Problem) -> (name: String, value: String) {
        ("Authorization", "Bearer \(try await token.current().reveal())")
    }

    /// Says that Google refused it.
    func invalidate() { token.invalidate() }
}
