import MusterClouds
import MusterCore

extension LaunchOutcome {
    /// The instances of an answer; nil for anything else.
    var instances: [Instance]? {
        guard case .answered(let instances, _) = self else { return nil }
        return instances
    }

    /// The refusals of an answer; nil for anything else.
    var refusals: [LaunchRefusal]? {
        guard case .answered(_, let refusals) = self else { return nil }
        return refusals
    }

    /// Whether it must be looked up.
    var isUnclear: Bool {
        guard case .unclear = self else { return false }
        return true
    }

    /// Whether it is known to have arrived.
    var isAccepted: Bool {
        guard case .accepted = self else { return false }
        return true
    }
}
