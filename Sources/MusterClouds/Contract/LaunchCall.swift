public import MusterCore
public import MusterRuntime

/// A call as it is sent: the stored bytes, and what is derived for them at that moment.
public struct LaunchCall: Sendable {
    /// The launch.
    public var launchID: LaunchID
    /// What `render` wrote.
    public var body: String
    /// Whether it may have been sent before: an answer without instances then says nothing about what the calls
    /// before it gave.
    public var isRepeat: Bool
    /// The one-time token with which the worker of this name proves itself.
    public var registrationToken: @Sendable (WorkerID) -> Secret<String>

    /// Makes a call.
    public init(
        launchID: LaunchID, body: String, isRepeat: Bool = false,
        registrationToken: @escaping @Sendable (WorkerID) -> Secret<String>
    ) {
        self.launchID = launchID
        self.body = body
        self.isRepeat = isRepeat
        self.registrationToken = registrationToken
    }
}
