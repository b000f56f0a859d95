@testable import MusterCore

/// A worker as a test finds it.
enum Situation: String, CaseIterable {
    case requested, drainedEarly, running, busy, suspected, quarantined, draining, stopping, overdue, stopped

    /// A worker that got there by events alone, asked for at noon.
    var worker: Worker {
        var worker = Worker(
            key: WorkerKey(
                poolID: PoolID(rawValue: "a/b"), group: WorkerGroup(rawValue: "local"),
                id: WorkerID(rawValue: "l1-0")),
            launchConfigID: LaunchConfigID(rawValue: "standard"), launchID: LaunchID(rawValue: "l1"),
            providerID: ProviderID(rawValue: "local"), instanceID: "l1-0", capacity: 4, requestedAt: noon)
        if self == .requested { return worker }
        if self == .drainedEarly {
            _ = worker.drain(because: "archived")
            return worker
        }
        _ = worker.register(at: noon, nonce: "n", expiresAt: noon + .seconds(86_400))
        switch self {
        case .requested, .drainedEarly, .running: break
        case .busy: worker.claimed = 1
        case .suspected: _ = worker.suspect(at: noon)
        case .quarantined: worker.quarantinedUntil = noon + .seconds(3_600)
        case .draining: _ = worker.drain(because: "archived")
        case .stopping: _ = worker.retire(because: "idle", at: noon)
        case .overdue:
            _ = worker.retire(because: "idle", at: noon)
            _ = worker.becomeOverdue()
        case .stopped: _ = worker.gone(at: noon, because: "exit code 0")
        }
        return worker
    }

    var bucket: Bucket {
        switch self {
        case .requested: .requested
        case .running, .busy: .running
        case .suspected: .suspected
        case .quarantined: .quarantined
        case .drainedEarly, .draining: .draining
        case .stopping: .stopping
        case .overdue: .overdue
        case .stopped: .stopped
        }
    }
}
