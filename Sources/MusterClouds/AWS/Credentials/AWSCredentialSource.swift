import MusterCore

/// A place where credentials may be.
protocol AWSCredentialSource: Sendable {
    /// The credentials as they are now; nil where this place is not set up at all.
    ///
    /// - Throws: `Problem` when the place is set up and gives none: nobody wants those of another place then.
    func fetch() async throws(Problem) -> AWSCredentials?
}
