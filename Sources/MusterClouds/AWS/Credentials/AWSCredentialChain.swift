import MusterCore
import MusterHTTP
import MusterRuntime

/// The places where credentials are looked for, in order, and the role that is taken on with them.
struct AWSCredentialChain: Sendable {
    let sources: [any AWSCredentialSource]
    let role: AWSCredentialSettings.Role?
    let tokenService: SecurityTokenService

    /// Makes the chain that settings describe.
    init(_ settings: AWSCredentialSettings, environment: [String: String], tokenService: SecurityTokenService)
    {
        let client = tokenService.client
        let variables = EnvironmentCredentials(environment: environment)
        let container = ContainerCredentials(environment: environment, client: client)
        let instance = InstanceMetadataCredentials(environment: environment, client: client)
        let profile = ProfileCredentials(
            environment: environment, named: settings.profile, tokenService: tokenService,
            others: ["Environment": variables, "EcsContainer": container, "Ec2InstanceMetadata": instance])
        let webIdentity = WebIdentityCredentials(environment: environment, tokenService: tokenService)
        sources =
            settings.profile == nil ? [variables, profile, webIdentity, container, instance] : [profile]
        role = settings.role
        self.tokenService = tokenService
    }

    /// The first credentials that are found.
    ///
    /// - Throws: `Problem` `unavailable` when there are none, and what a place that is set up throws.
    func fetch() async throws(Problem) -> AWSCredentials {
        for source in sources {
            guard let found = try await source.fetch() else { continue }
            guard let role else { return found }
            return try await tokenService.assume(role, with: found)
        }
        throw Problem(
            .unavailable,
            "there are no AWS credentials: not in the environment, the shared files, a web identity,"
                + " or the metadata of a container or an instance")
    }

    /// The credentials as calls use them: fetched once for all, and again before they expire.
    func expiring(clock: any WallClock) -> ExpiringValue<AWSCredentials> {
        ExpiringValue(clock: clock, refreshBefore: CloudPolicy.awsCredentialsRefresh) {
            () async throws(Problem) -> (AWSCredentials, expiresAt: Timestamp?) in
            let found = try await fetch()
            // Those without an end may be replaced where they stand.
            return (found, found.expiresAt ?? clock.now() + CloudPolicy.awsCredentialsRecheck)
        }
    }
}
