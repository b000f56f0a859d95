import MusterCore

/// A plan as a person reads it.
enum PlanText {
    /// The reason that says most: the last that is no mere assumption.
    static func why(_ plan: PlanDocument) -> String {
        let assumptions = [PoolSnapshot.DemandAssumption.claimsOnSupply, .noClaims].map {
            PlanReason.assumed($0).code
        }
        return plan.reasons.last { !assumptions.contains($0.code) }?.message ?? ""
    }

    /// What a plan decided and why, in a few lines.
    static func lines(of plan: PlanDocument, now: Timestamp) -> [StyledText] {
        var lines = [
            StyledText(plan.workerPoolId.rawValue, .strong)
                + StyledText("  plan of \(HumaneTime.text(plan.at, from: now))"),
            StyledText("  \(plan.wanted) wanted, \(plan.supply) there, \(plan.toLaunch) to launch"),
        ]
        for launch in plan.launches {
            lines.append(
                StyledText(
                    "  launch \(launch.instances) of \(launch.launchConfigId), capacity \(launch.capacity)"))
        }
        if !plan.retire.isEmpty { lines.append(StyledText("  retire \(plan.retire.count) idle workers")) }
        return lines + plan.reasons.map { StyledText("  " + $0.message) }
    }
}
