import MusterCore
import MusterRuntime

/// What AWS knows a caller by.
struct AWSCredentials: Sendable {
    /// Names the key; no secret.
    var accessKeyID: String
    var secretAccessKey: Secret<String>
    /// Comes with temporary credentials, which are worth nothing without it.
    var sessionToken: Secret<String>?
    /// The end of temporary ones; nil for those that hold until someone takes them back.
    var expiresAt: Timestamp?
    /// Where they came from, for a person: "the environment".
    var origin: String
}
