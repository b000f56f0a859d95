import MusterCore
import MusterRuntime
import MusterStore

extension MusterFleet {
    /// Writes down a launch `l-1` for one instance more than it gave, and the workers that it gave, as if a
    /// service had launched them; their instances do not exist.
    func writeLaunch(
        of config: LaunchConfigID, in pool: PoolID, workers: [(group: String, id: String)]
    ) async throws {
        let now = SystemClock().now()
        let planned = Launch(
            id: LaunchID(rawValue: "l-1"), poolID: pool, launchConfigID: config,
            providerID: ProviderID(rawValue: "local"), count: workers.count + 1, capacityPerInstance: 2,
            body: #"{"secretless":1}"#, epoch: 1, plannedAt: now)
        var settled = planned
        let error = CloudError(
            .quota(scope: "processes"), cloudCode: "EAGAIN", message: "too many processes")
        _ = settled.settle(obtained: workers.count, error: error, at: now)
        let launch = settled
        let given = workers.map { group, id in
            Worker(
                key: WorkerKey(
                    poolID: pool, group: WorkerGroup(rawValue: group), id: WorkerID(rawValue: id)),
                launchConfigID: config, launchID: launch.id, providerID: launch.providerID,
                instanceID: "i-\(group)", capacity: 2, requestedAt: now)
        }
        try await store { store in
            try await store.write(in: .store) { transaction in
                try await transaction.save(planned, was: nil)
                try await transaction.save(launch, was: planned)
                for worker in given { try await transaction.save(worker, was: nil, lookAt: nil) }
            }
        }
    }
}
