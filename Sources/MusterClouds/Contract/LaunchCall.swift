public import MusterCore
public import MusterRuntime

/// A call as it is sent: the stored bytes, and what is derived for them at that moment.
public struct LaunchCall: Sendable {
    /// The launch.
    public var launchID: LaunchID
    /// What `render` wrote.
    public var body: String
    /// The one-time token with which the worker of this name proves itself.
    public var registrationToken: @Sendable (WorkerID) -> Secret<String>

    /// Makes a call.
    public init(
        launchID: LaunchID, body: String, registrationToken: @escaping @Sendable (WorkerID) -> Secret<String>
    ) {
        self.launchID = launchID
        self.body = body
        self.registrationToken = registrationToken
    }
}
