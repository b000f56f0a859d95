public import MusterCore

/// What became of a call.
public enum LaunchOutcome: Sendable {
    /// The cloud answered: these instances exist, and so many were refused.
    case answered(instances: [Instance], refusals: [LaunchRefusal])
    /// The call arrived and the cloud works on it: what comes of it is looked up until it is done.
    case accepted
    /// Nobody knows whether the call arrived: it must be looked up before anything else.
    case unclear(CloudError)
}

/// Instances that were asked for and not had, with the reason they share.
public struct LaunchRefusal: Hashable, Sendable {
    /// How many.
    public var count: Int
    /// Why.
    public var error: CloudError

    /// Makes a refusal.
    public init(count: Int, error: CloudError) {
        self.count = count
        self.error = error
    }
}
