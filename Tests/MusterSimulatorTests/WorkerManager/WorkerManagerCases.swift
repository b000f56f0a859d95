import MusterCore
import MusterSimulator

/// A moment for decisions that need none in particular.
let noon = Timestamp(milliseconds: 1_800_000_000_000)

/// A launch config's name.
func lc(_ name: String) -> LaunchConfigID { LaunchConfigID(rawValue: name) }

/// Capacity as worker-manager counts it, all of one launch config.
func counted(
    requested: Int = 0, running: Int = 0, stopping: Int = 0, of id: String = "a"
) -> WorkerManagerCapacity {
    var capacity = WorkerManagerCapacity()
    capacity.count(requested, in: .requested, of: lc(id))
    capacity.count(running, in: .running, of: lc(id))
    capacity.count(stopping, in: .stopping, of: lc(id))
    return capacity
}

/// An estimator for a pool of these bounds.
func estimator(
    min: Int = 0, max: Int, ratio: Double = 1, twice: Bool = true
) -> WorkerManagerEstimator {
    WorkerManagerEstimator(
        scale: PoolScale(minCapacity: min, maxCapacity: max, scalingRatio: ratio),
        subtractsRequestedTwice: twice)
}
