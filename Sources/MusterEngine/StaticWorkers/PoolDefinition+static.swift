import MusterCore
import MusterStore

extension PoolDefinition {
    /// What a definition says that means nothing where people make the workers.
    var problemsWhereMadeByHand: [Problem] {
        func problem(_ field: String, _ message: String) -> Problem {
            Problem(.inputInvalid, message, field: "\(id): config.\(field)")
        }
        var problems: [Problem] = []
        if launchConfigs.count != 1 {
            problems.append(
                problem(
                    "launchConfigs",
                    "must have exactly one element: what is said there is said to every worker that people make"
                ))
        }
        if scale.minCapacity > 0 {
            problems.append(
                problem("minCapacity", "must be 0: the workers are made by people, and none is launched"))
        }
        if !schedule.isEmpty {
            problems.append(
                problem("schedule", "must be empty: the workers are made by people, and none is launched"))
        }
        if lifecycle.registration == .none {
            problems.append(
                problem("registration", "must be required: a worker that people make proves its secret"))
        }
        return problems
    }
}

extension WriteTransaction {
    /// Lets the workers of a pool's other launch configs be of this one: people made them, for the pool and not for
    /// what it says to them at one time.
    func moveHandmadeWorkers(to config: LaunchConfigID, of pool: PoolID, at now: Timestamp) async throws {
        let lifecycle = try await lifecycle(of: pool)
        for other in try await launchConfigs(of: pool) where other.id != config && other.archivedAt == nil {
            let workers = try await livingWorkers(
                of: other.id, in: pool, notDraining: false, limit: Int(Int32.max))
            for old in workers where old.isMadeByHand {
                var worker = old
                worker.launchConfigID = config
                try await save(worker, was: old, lookAt: worker.nextLook(lifecycle, at: now))
            }
        }
    }
}
