import MusterClouds
public import MusterCore
public import MusterRuntime
import MusterStore

/// What a person says of a worker that they make or have made; nil leaves it as it is, or as it usually is.
public struct StaticWorkerSettings: Sendable {
    /// By what its machine proves that it is this worker.
    public var secret: Secret<String>?
    /// How many tasks it runs at once.
    public var capacity: Int?
    /// When it ends by itself.
    public var expires: WorkerExpiry?

    /// Makes settings.
    public init(secret: Secret<String>? = nil, capacity: Int? = nil, expires: WorkerExpiry? = nil) {
        self.secret = secret
        self.capacity = capacity
        self.expires = expires
    }

    /// What the audit keeps: that there is a new secret, and nothing of it.
    fileprivate func detail(_ end: Timestamp?) -> Document {
        .object([
            "secret": secret.map { _ in .string("set") }, "capacity": capacity.map { .integer($0) },
            "expires": expires.map { _ in .string(end?.description ?? "never") },
        ])
    }
}

extension Control {
    /// Makes a worker of a pool whose provider is `static`.
    ///
    /// Made again with the same settings it is the same worker, since the first answer may have been lost; one that
    /// is gone is made anew.
    /// - Throws: `Problem` `pool-not-found`, `input-invalid` for a pool of another provider's or no secret,
    ///   `conflict` for a worker that is there with other settings.
    public func createWorker(
        _ key: WorkerKey, _ settings: StaticWorkerSettings, by actor: String
    ) async throws {
        let now = context.clock.now()
        guard let secret = settings.secret else {
            throw Problem(.inputInvalid, "is missing", field: "secret")
        }
        let hash = StaticSecret(secret.reveal(), of: key, with: context.masterKey)
        try await context.write(in: .pool(key.poolID), reaching: .workerMade) { transaction in
            let (provider, config) = try await self.handmadePool(key.poolID, in: transaction)
            let old = try await transaction.worker(key)
            if let old, old.state != .stopped {
                let stored = try await transaction.secretHash(of: key)
                let isSame =
                    old.isMadeByHand && stored.map(hash.matches) == true
                    && old.capacity == settings.capacity ?? 1
                    && old.endsAt == settings.expires?.moment(from: old.requestedAt)
                guard isSame else {
                    throw Problem(
                        .conflict,
                        "there is a worker \(key) with other settings: change it with muster worker update",
                        field: "workerId")
                }
                return
            }
            let worker = Worker.madeByHand(
                key, of: config, at: provider, capacity: settings.capacity ?? 1,
                endsAt: settings.expires?.moment(from: now),
                now: now)
            let lifecycle = try await transaction.lifecycle(of: key.poolID)
            try await transaction.save(worker, was: old, lookAt: worker.nextLook(lifecycle, at: now))
            try await transaction.saveSecret(hash: hash.hash, of: key, at: now)
            try await transaction.publish(worker.event(.workerRequested, at: now))
            try await transaction.audit(
                actor: actor, action: "create", subject: "worker/\(key)",
                detail: settings.detail(worker.endsAt), at: now)
        }
    }

    /// Changes a worker that somebody has made. With a new secret the credentials that the old one has brought are
    /// worthless at once: it may have come to others.
    ///
    /// - Throws: `Problem` `worker-not-found`, `conflict` for one that was launched.
    public func updateWorker(
        _ key: WorkerKey, _ settings: StaticWorkerSettings, by actor: String
    ) async throws {
        let now = context.clock.now()
        let hash = settings.secret.map { StaticSecret($0.reveal(), of: key, with: context.masterKey) }
        try await context.write(in: .pool(key.poolID), reaching: .workerMade) { transaction in
            let old = try await transaction.handmadeWorker(key)
            var worker = old
            if let capacity = settings.capacity { worker.capacity = capacity }
            if let expires = settings.expires { worker.endsAt = expires.moment(from: now) }
            var isChanged = worker != old
            if isChanged { try await transaction.save(worker, was: old, lookAt: now) }
            if let hash {
                let stored = try await transaction.secretHash(of: key)
                if stored.map(hash.matches) != true {
                    isChanged = true
                    try await transaction.saveSecret(hash: hash.hash, of: key, at: now)
                    try await transaction.deleteTokens(of: key)
                }
            }
            guard isChanged else { return }
            try await transaction.audit(
                actor: actor, action: "set", subject: "worker/\(key)", detail: settings.detail(worker.endsAt),
                at: now)
        }
    }

    /// Takes a worker away at once that somebody has made: its credentials are worthless, and what it holds runs
    /// again elsewhere.
    ///
    /// One that is gone already stays as it is; that is no error.
    /// - Throws: `Problem` `worker-not-found`, `conflict` for one that was launched.
    public func removeWorker(_ key: WorkerKey, by actor: String) async throws {
        let now = context.clock.now()
        try await context.write(in: .pool(key.poolID), reaching: .workerMade) { transaction in
            if let gone = try await transaction.worker(key), gone.isMadeByHand, gone.state == .stopped {
                return
            }
            let worker = try await transaction.handmadeWorker(key)
            try await transaction.stop(worker, because: StopReason.removed, self.context.outputs, at: now)
            try await transaction.audit(
                actor: actor, action: "remove", subject: "worker/\(key)", detail: .object([:]), at: now)
        }
    }

    /// The provider and the only launch config of a pool whose workers people make.
    private func handmadePool(
        _ id: PoolID, in transaction: any WriteTransaction
    ) async throws -> (provider: ProviderID, config: LaunchConfigID) {
        guard let pool = try await transaction.pool(id), !pool.isDeleted else {
            throw try await transaction.missing(id)
        }
        let provider = pool.definition.providerID
        guard context.isMadeByHand(provider) else {
            throw Problem(
                .inputInvalid,
                "the workers of \(id) are launched by its provider \(provider): only those of a provider of the kind "
                    + "static are made by hand", field: "workerPoolId")
        }
        guard let config = try await transaction.launchConfigs(of: id).first(where: { $0.archivedAt == nil })
        else {
            throw Problem(.conflict, "the worker pool \(id) has no launch config: apply its definition again")
        }
        return (provider, config.id)
    }
}

extension ReadTransaction {
    /// A worker that somebody has made and that is not gone.
    fileprivate func handmadeWorker(_ key: WorkerKey) async throws -> Worker {
        guard let worker = try await worker(key), worker.state != .stopped else {
            throw Problem.noWorker(key)
        }
        guard worker.isMadeByHand else {
            throw Problem(
                .conflict,
                "\(key) was launched, and not made by hand: muster worker retire takes it out of service",
                field: "workerId")
        }
        return worker
    }
}

extension EngineContext {
    /// Whether a provider's workers are made by people.
    func isMadeByHand(_ provider: ProviderID) -> Bool { providers[provider]?.kind == StaticProvider.kind }
}
