public import MusterCore

/// How worker-manager counts the workers of a pool before a pass (`data.js`, `updateFromWorker`).
///
/// Its faults are kept: what is requested is in `existing` too, and a quarantined worker leaves `existing`
/// while what it has claimed stays claimed.
public struct WorkerManagerCapacity: Hashable, Sendable {
    /// What is requested or running and not quarantined.
    public private(set) var existing = 0
    /// What is requested: a part of `existing`, unless it is quarantined.
    public private(set) var requested = 0
    /// What is being ended, for as long as that takes.
    public private(set) var stopping = 0
    /// All that is not gone, by launch config, stopping and quarantined workers included.
    public private(set) var byLaunchConfig: [LaunchConfigID: Int] = [:]

    /// Nothing.
    public init() {}

    /// Counts a worker, or several alike; one that is gone counts nowhere.
    public mutating func count(
        _ capacity: Int, in state: Worker.State, of launchConfigID: LaunchConfigID,
        isQuarantined: Bool = false
    ) {
        switch state {
        case .stopped: return
        case .stopping: stopping += capacity
        case .requested, .running:
            if state == .requested { requested += capacity }
            if !isQuarantined { existing += capacity }
        }
        byLaunchConfig[launchConfigID, default: 0] += capacity
    }

    /// Counts what is there of a launch config.
    ///
    /// worker-manager tells less apart than the table does: who is silent or drains is running to it, and a
    /// deletion that is overdue goes on counting as stopping.
    public mutating func count(_ table: CapacityTable, of launchConfigID: LaunchConfigID) {
        for bucket in Bucket.allCases where table[bucket].capacity > 0 {
            count(
                table[bucket].capacity, in: bucket.stateForWorkerManager, of: launchConfigID,
                isQuarantined: bucket == .quarantined)
        }
    }
}

extension Bucket {
    fileprivate var stateForWorkerManager: Worker.State {
        switch self {
        case .requested: .requested
        case .running, .suspected, .quarantined, .draining: .running
        case .stopping, .overdue: .stopping
        case .stopped: .stopped
        }
    }
}
