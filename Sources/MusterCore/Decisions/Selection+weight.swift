extension Selection {
    /// `initialWeight × (1 − errorRatio)`, never quite 0 for what may launch.
    ///
    /// - Parameter isLastHope: whether others cannot take all that is missing, so that it rests and is closed less long.
    static func weight(
        of config: LaunchConfigSnapshot, isLastHope: Bool = false, now: Timestamp
    ) -> LaunchConfigWeight {
        let ratio = config.health.errorRatio(at: now)
        let initial = config.settings.initialWeight
        let exclusion = exclusion(of: config, now: now)
        let weight = exclusion == nil ? max(initial * (1 - ratio), initial * DecisionPolicy.weightFloor) : 0
        var result = LaunchConfigWeight(
            weight: weight, errorRatio: ratio, balance: 0, exclusion: exclusion,
            pausedUntil: exclusion == .paused ? config.pause?.until : nil)
        guard exclusion == nil else { return result }
        if let again = config.callsAgainAt, again > now { result.callsAgainAt = again }
        result.allowance = config.health.allowance(at: now)
        if result.allowance != nil {
            let rest = isLastHope ? config.health.restsAloneUntil : config.health.restsUntil
            if let rest, rest > now {
                result.restsUntil = rest
            } else {
                let headroom = config.health.headroom(
                    inFlight: config.capacity[.requested].workers, at: now)
                result.headroom = headroom?.instances
                result.waitsUntil = headroom?.until
            }
        }
        restrict(&result, to: config, isLastHope: isLastHope, now: now)
        return result
    }

    private static func exclusion(
        of config: LaunchConfigSnapshot, now: Timestamp
    ) -> LaunchConfigWeight.Exclusion? {
        if config.isArchived { return .archived }
        if config.isSuspended { return .suspended }
        if config.pause?.holds(at: now) == true { return .paused }
        if config.settings.initialWeight == 0 { return .switchedOff }
        if room(of: config) < config.settings.capacityPerInstance { return .full }
        return nil
    }

    static func room(of config: LaunchConfigSnapshot) -> Int {
        guard let bound = config.settings.maxCapacity else { return .max }
        return max(0, bound - config.capacity.counted)
    }
}
