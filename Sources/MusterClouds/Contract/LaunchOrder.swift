public import MusterCore

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
