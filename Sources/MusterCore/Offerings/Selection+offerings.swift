extension Selection {
    /// Lets a launch config launch nothing, or one instance at a time, as its offerings allow; nothing is
    /// changed where one of them is free.
    ///
    /// - Parameter isLastHope: whether others cannot take all that is missing.
    static func restrict(
        _ weight: inout LaunchConfigWeight, to config: LaunchConfigSnapshot, isLastHope: Bool, now: Timestamp
    ) {
        switch config.availability.verdict(at: now, isLastHope: isLastHope) {
        case .open: return
        case .closed(let until): weight.unavailableUntil = until
        case .probe:
            weight.isProbe = true
            let inFlight = config.unanswered ?? config.capacity[.requested].workers
            weight.headroom = min(weight.headroom ?? 1, max(0, 1 - inFlight))
        }
    }
}

extension PoolSnapshot {
    /// Why a launch config has nothing that it could be launched as, for a person.
    func closure(of id: LaunchConfigID) -> String {
        for config in launchConfigs where config.id == id {
            if case .closed(let closure) = config.availability { return closure.reason }
        }
        return ""
    }
}
