public import MusterCore
public import MusterRuntime

/// What a launch asks for, before it is written as a call.
public struct LaunchOrder: Sendable {
    /// The launch; its idempotency token towards the cloud and part of its instances' names.
    public var launchID: LaunchID
    /// The pool it is for.
    public var poolID: PoolID
    /// The launch config it follows.
    public var launchConfigID: LaunchConfigID
    /// The launch config's content.
    public var content: Document
    /// How many instances.
    public var count: Int
    /// How many tasks each of them runs at once.
    public var capacityPerInstance: Int
    /// Where the instances' workers reach Muster.
    public var serviceURL: String

    /// Makes an order.
    public init(
        launchID: LaunchID, poolID: PoolID, launchConfigID: LaunchConfigID, content: Document, count: Int,
        capacityPerInstance: Int, serviceURL: String
    ) {
        self.launchID = launchID
        self.poolID = poolID
        self.launchConfigID = launchConfigID
        self.content = content
        self.count = count
        self.capacityPerInstance = capacityPerInstance
        self.serviceURL = serviceURL
    }

    /// The name of the instance's worker with this index, from 0.
    public func workerID(_ index: Int) -> WorkerID { WorkerID(rawValue: "\(launchID)-\(index)") }
}

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

/// What became of a call.
public enum LaunchOutcome: Sendable {
    /// The cloud answered: these instances exist, and so many were refused.
    case answered(instances: [Instance], refusals: [LaunchRefusal])
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
