public import MusterCore
import MusterRuntime
import MusterStore

extension Control {
    /// Stops launching from a launch config; what runs of it goes on.
    ///
    /// - Throws: `Problem` `launch-config-not-found`, `conflict` for one that has been archived.
    public func pause(_ id: LaunchConfigID, of pool: PoolID, _ pause: Pause, by actor: String) async throws {
        try await change(id, of: pool, "pause", .launchConfigPaused, by: actor, reaching: .launchConfigPaused)
        { config throws(Problem) in
            guard config.archivedAt == nil else {
                throw Problem(
                    .conflict,
                    "the launch config \(id) of \(pool) has been archived: nothing is launched from it any more"
                )
            }
            return pause
        }
    }

    /// Launches from a launch config again; one that was suspended carefully at first.
    ///
    /// - Throws: `Problem` `launch-config-not-found`.
    public func resume(_ id: LaunchConfigID, of pool: PoolID, by actor: String) async throws {
        try await change(
            id, of: pool, "resume", .launchConfigResumed, by: actor, reaching: .launchConfigResumed
        ) { _ throws(Problem) in nil }
    }

    private func change(
        _ id: LaunchConfigID, of pool: PoolID, _ action: String, _ type: EventType, by actor: String,
        reaching point: FaultPoint,
        _ pause: @escaping @Sendable (LaunchConfig) throws(Problem) -> Pause?
    ) async throws {
        let now = context.clock.now()
        try await context.write(in: .pool(pool), reaching: point) { transaction in
            guard let owner = try await transaction.pool(pool), !owner.isDeleted,
                let config = try await transaction.launchConfig(id, of: pool)
            else { throw Problem.noLaunchConfig(id, of: pool) }
            let new = try pause(config)
            let endsSuspension = new == nil && config.suspension != nil
            guard new != config.pause || endsSuspension else { return }
            try await transaction.save(new, of: id, in: pool)
            if endsSuspension {
                try await transaction.save(suspension: nil, of: id, in: pool)
                try await transaction.changeHealth(of: id, in: pool) { $0.resume(at: now) }
            }
            try await transaction.publish(
                config.event(type, provider: owner.definition.providerID, at: now, reason: new?.reason))
            try await transaction.audit(
                actor: actor, action: action, subject: "launch-config/\(pool)/\(id)",
                detail: new?.detail ?? .object([:]), at: now)
        }
    }
}

extension WriteTransaction {
    /// Takes away the pauses of launch configs that have come to their end.
    func endPauses(ofLaunchConfigsOf pool: Pool, at now: Timestamp) async throws {
        for config in try await launchConfigs(of: pool.id) where config.pause?.holds(at: now) == false {
            try await save(nil, of: config.id, in: pool.id)
            try await publish(
                config.event(
                    .launchConfigResumed, provider: pool.definition.providerID, at: now,
                    reason: "the pause has ended"))
        }
    }
}

extension Problem {
    /// There is no such launch config.
    public static func noLaunchConfig(_ id: LaunchConfigID, of pool: PoolID) -> Problem {
        Problem(
            .launchConfigNotFound, "there is no launch config \(id) of the worker pool \(pool)",
            field: "launchConfigId")
    }
}

extension Pause {
    /// What the audit keeps of it.
    var detail: Document {
        .object(["reason": .string(reason), "until": until.map { .string($0.description) }])
    }
}
