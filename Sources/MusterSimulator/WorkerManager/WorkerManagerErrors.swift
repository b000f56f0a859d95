public import MusterCore

/// The errors of a pool that worker-manager remembers: each counts fully for an hour, then not at all
/// (`provisioner.js`, `get_worker_pool_error_launch_configs`).
///
/// What counts is what somebody reports: a cloud that refuses an instance, a creation that fails afterwards, a
/// worker that says what went wrong. A worker that boots and never registers is ended and no error at all,
/// and an instance that the cloud takes back is none either. The AWS provider reports refusals without their
/// launch config: they count in the total alone.
public struct WorkerManagerErrors: Sendable {
    private var reports: [Report] = []
    private var first = 0
    private var tally = Tally()

    private struct Report {
        let at: Timestamp
        let launchConfigID: LaunchConfigID?
        let count: Int
    }

    /// The errors of the window.
    public struct Tally: Hashable, Sendable {
        /// All of them.
        public var total = 0
        /// Those that name their launch config.
        public var byLaunchConfig: [LaunchConfigID: Int] = [:]

        /// No errors, or those given.
        public init(total: Int = 0, byLaunchConfig: [LaunchConfigID: Int] = [:]) {
            self.total = total
            self.byLaunchConfig = byLaunchConfig
        }

        fileprivate mutating func add(_ count: Int, of launchConfigID: LaunchConfigID?) {
            total += count
            guard let launchConfigID else { return }
            let sum = byLaunchConfig[launchConfigID, default: 0] + count
            byLaunchConfig[launchConfigID] = sum == 0 ? nil : sum
        }
    }

    /// No errors yet.
    public init() {}

    /// Remembers errors, each of which has its own report; moments must not descend.
    public mutating func report(_ count: Int = 1, of launchConfigID: LaunchConfigID?, at now: Timestamp) {
        guard count > 0 else { return }
        reports.append(Report(at: now, launchConfigID: launchConfigID, count: count))
        tally.add(count, of: launchConfigID)
    }

    /// Forgets what is older than the window and counts the rest; moments must not descend.
    public mutating func tally(at now: Timestamp) -> Tally {
        let since = now - WorkerManagerDefaults.errorWindow
        while first < reports.count, reports[first].at <= since {
            tally.add(-reports[first].count, of: reports[first].launchConfigID)
            first += 1
        }
        // In bulk, so that forgetting costs O(1) per error.
        if first > reports.count / 2 {
            reports.removeFirst(first)
            first = 0
        }
        return tally
    }
}
