import MusterCore

/// `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE`: what a Kubernetes service account has.
struct WebIdentityCredentials: AWSCredentialSource {
    let environment: [String: String]
    let tokenService: SecurityTokenService

    func fetch() async throws(Problem) -> AWSCredentials? {
        guard let file = environment["AWS_WEB_IDENTITY_TOKEN_FILE"], !file.isEmpty else { return nil }
        guard let arn = environment["AWS_ROLE_ARN"], !arn.isEmpty else {
            throw Problem(.unavailable, "the environment has AWS_WEB_IDENTITY_TOKEN_FILE and no AWS_ROLE_ARN")
        }
        let role = AWSCredentialSettings.Role(arn: arn, sessionName: environment["AWS_ROLE_SESSION_NAME"])
        return try await tokenService.assume(role, webIdentityFile: file)
    }
}
