import MusterCore

/// A launch as the local provider writes it down: everything that does not belong to the installation.
///
/// The worker's command is the installation's, so that a repeat after an upgrade runs what is there now.
struct LocalCall: StoredCall, Hashable {
    var launch: LaunchID
    var pool: PoolID
    var launchConfig: LaunchConfigID
    var capacity: Int
    var serviceURL: String
    /// The instances' names, which are those of their workers.
    var instances: [WorkerID]
    var content: LocalContent

    /// Makes the call for an order.
    ///
    /// - Throws: the first problem with the order's content.
    init(_ order: LaunchOrder, users: AllowedUsers) throws(Problem) {
        let (content, problems) = LocalContent.read(order.content, users: users)
        if let problem = problems.first { throw problem }
        launch = order.launchID
        pool = order.poolID
        launchConfig = order.launchConfigID
        capacity = order.capacityPerInstance
        serviceURL = order.serviceURL
        instances = (0..<max(0, order.count)).map(order.workerID)
        self.content = content
    }
}
