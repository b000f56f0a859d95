import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// The launches of a plan, rendered, and the launch configs that could not be.
struct LaunchRendering: Sendable {
    private(set) var launches: [Launch] = []
    /// Those that the provider cannot make a call of, and why. The others are needed all the same.
    private(set) var refused: [(config: LaunchConfigID, problem: Problem)] = []

    init(
        _ plan: Plan, for snapshot: SnapshotReader.PoolAndSnapshot, at provider: any CloudProvider,
        epoch: Int64,
        in context: EngineContext
    ) {
        let now = context.clock.now()
        for planned in plan.launches {
            guard let config = snapshot.configs.first(where: { $0.id == planned.launchConfigID }) else {
                continue
            }
            let id = context.withChance { NewIdentifier.launch(at: now, using: &$0) }
            let order = LaunchOrder(
                launchID: id, poolID: snapshot.pool.id, launchConfigID: config.id,
                content: config.definition.content, count: planned.count,
                capacityPerInstance: planned.capacityPerInstance, serviceURL: context.serviceURL())
            do throws(Problem) {
                launches.append(
                    Launch(
                        id: id, poolID: snapshot.pool.id, launchConfigID: config.id, providerID: provider.id,
                        count: planned.count, capacityPerInstance: planned.capacityPerInstance,
                        body: try provider.render(order), epoch: epoch, plannedAt: now))
            } catch {
                refused.append((config.id, error))
            }
        }
    }
}

extension WriteTransaction {
    /// Reports a launch config that no call can be made of; it rests after that like any other failure.
    func report(_ problem: Problem, of config: LaunchConfigID, in pool: Pool, at now: Timestamp) async throws
    {
        try await changeHealth(of: config, in: pool.id) { $0.note(.unusable, at: now) }
        try await save(
            ReportedError(
                id: "\(pool.id)-\(config)-\(now.milliseconds)", poolID: pool.id, launchConfigID: config,
                kind: "creation-error", title: "the launch config cannot be made a call of",
                description: problem.message, at: now))
        try await publish(pool.event(.poolError, at: now, reason: "\(config): \(problem.message)"))
    }
}
