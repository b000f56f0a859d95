public import MusterCore
import MusterRuntime
import MusterStore

extension Control {
    /// What there was of a provider when it was forgotten.
    public struct ForgottenProvider: Hashable, Sendable {
        /// Workers that count as gone now.
        public var workers = 0
        /// Launches of which nobody will learn what came.
        public var launches = 0
    }

    /// Counts all that there is of a provider as gone: its account has been closed, or its resource group deleted, or
    /// nobody will ever enable it again. Nothing is ended, since nobody can be asked to.
    ///
    /// Done in steps, and again from where it was left when it is repeated.
    /// - Throws: `Problem` `conflict` while the provider is used: then its instances would run on unknown.
    public func forget(provider id: ProviderID, by actor: String) async throws -> ForgottenProvider {
        if context.providers[id] != nil, context.places.move(of: id) == nil {
            throw Problem(
                .conflict,
                "the provider \(id) is enabled in muster.yaml: take it out first, or retire its workers and delete its "
                    + "pools, which ends their instances", field: "providerId")
        }
        var forgotten = ForgottenProvider()
        while let step = try await forgetSome(of: id) {
            forgotten.workers += step.workers
            forgotten.launches += step.launches
        }
        let name = SettingName.place(of: id)
        let now = context.clock.now()
        let total = forgotten
        try await context.write(in: .named(name), reaching: .providerForgotten) { transaction in
            try await transaction.remove(setting: name)
            try await transaction.audit(
                actor: actor, action: "forget", subject: "provider/\(id)",
                detail: .object([
                    "workers": Document(.integer(Int64(total.workers))),
                    "launches": Document(.integer(Int64(total.launches))),
                ]), at: now)
        }
        context.places.forget(id)
        return forgotten
    }

    /// Some of what there is of a provider, of both kinds; nil when nothing is left.
    private func forgetSome(of id: ProviderID) async throws -> ForgottenProvider? {
        let limit = context.policy.workersPerLook
        let (workers, launches) = try await context.store.read { transaction in
            (
                try await transaction.livingWorkers(of: id, after: nil, limit: limit).map(\.key),
                try await transaction.plannedLaunches(at: id, limit: limit)
            )
        }
        guard !workers.isEmpty || !launches.isEmpty else { return nil }
        let pools = Set(workers.map(\.poolID) + launches.map(\.poolID))
        let now = context.clock.now()
        let outputs = context.outputs
        try await context.write(in: .pools(pools), reaching: .providerForgotten) { transaction in
            for key in workers { try await transaction.forget(key, outputs, at: now) }
            let error = CloudError(
                .unknown, cloudCode: "forgotten", message: "its provider was forgotten by an operator")
            for launch in launches { try await transaction.abandon(launch.id, because: error, at: now) }
            for pool in pools { transaction.signal(.pool(pool)) }
        }
        return ForgottenProvider(workers: workers.count, launches: launches.count)
    }
}

extension WriteTransaction {
    /// A worker of a provider that is forgotten counts as gone; it is nobody's failure.
    fileprivate func forget(_ key: WorkerKey, _ outputs: InstanceOutputs, at now: Timestamp) async throws {
        guard let old = try await worker(key) else { return }
        var worker = old
        if case .became(let type) = worker.retire(because: StopReason.forgotten, at: now) {
            try await save(worker, was: old, lookAt: now)
            try await publish(worker.event(type, at: now))
        }
        try await stop(worker, because: StopReason.forgotten, outputs, at: now)
    }
}
