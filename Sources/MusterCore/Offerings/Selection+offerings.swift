extension Selection {
    /// Lets a launch config launch nothing, or one instance at a time, as its offerings allow; nothing is
    /// changed where one of them is free.
    ///
    /// - Parameter isLastHope: whether nothing else can be launched.
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

    /// Whether nothing can be launched for want of offerings, or for them and rests: then those that are closed
    /// are tried before their time.
    ///
    /// One that has all it may have is no trouble; what it holds would otherwise decide whether others are tried.
    static func isLastHope(in entries: [LaunchConfigWeights.Entry]) -> Bool {
        var isAnyClosed = false
        for entry in entries {
            switch entry.weight.exclusion {
            case .full: return false
            case .archived, .paused, .suspended, .switchedOff: continue
            case nil: break
            }
            guard entry.weight.unavailableUntil == nil else {
                isAnyClosed = true
                continue
            }
            if entry.weight.restsUntil == nil { return false }
        }
        return isAnyClosed
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
