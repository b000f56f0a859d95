import MusterClouds
public import MusterCore
import MusterCrypto
public import MusterRuntime
public import MusterStore

/// Admits workers: checks who they are, gives them credentials, and knows them again by these.
public final class Registrar: Sendable {
    private let context: EngineContext
    private let contacts: ContactBook
    /// Workers whose credentials have been used since this process began: noted once, not with every call.
    private let seen = Locked<Set<WorkerKey>>([])
    /// Workers of whom it has been reported that their proof was shown again.
    private let reported = Locked<Set<WorkerKey>>([])

    init(_ context: EngineContext, contacts: ContactBook) {
        self.context = context
        self.contacts = contacts
    }

    /// What a worker that has registered gets.
    public struct Admission: Sendable {
        /// Its name for the API.
        public let clientID: String
        /// What it shows from now on.
        public let accessToken: Secret<String>
        /// When that ends.
        public let expiresAt: Timestamp
        /// What it shows to register again.
        public let secret: Secret<String>
        /// What its launch config says to it.
        public let workerConfig: Document
    }

    /// Registers a worker that proves which instance it runs on, in the way of its provider.
    ///
    /// A repeat with the same nonce gets the same answer until the credentials are first used, and for five
    /// minutes at most: any task on the machine can read the proof.
    /// - Throws: `Problem` `pool-not-found`, `provider-unknown`, `registration-refused`, or `unavailable` when
    ///   it should be tried again.
    public func register(
        _ key: WorkerKey, providerID: ProviderID, proof: Document
    ) async throws -> Admission {
        guard let pool = try await context.store.read({ try await $0.pool(key.poolID) }) else {
            throw Problem(.poolNotFound, "there is no worker pool \(key.poolID)", field: "workerPoolId")
        }
        guard let provider = context.providers[providerID] else {
            throw Problem(.providerUnknown, "there is no provider \(providerID)", field: "providerId")
        }
        let identity = try await provider.prove(claim(of: key, proof, at: provider))
        guard identity.worker == key.id else { throw refusal("its proof is another worker's") }
        let launchID = try await launch(of: key, provider)
        if let launch = try await context.store.read({ try await $0.launch(launchID) }),
            let contradiction = provider.contradiction(between: identity, and: SentLaunch(launch))
        {
            throw refusal(contradiction)
        }
        var nonce: String?
        if case .string(let text)? = proof["nonce"]?.value { nonce = text }
        do {
            // No contact yet: its deadline for the first call counts from here.
            return try await admit(key, nonce: nonce, lifecycle: pool.definition.lifecycle)
        } catch let problem as Problem where problem.code == .registrationRefused {
            try await report(problem, of: key)
            throw problem
        }
    }

    /// Who shows this token; nil for one that nobody issued or that has ended.
    public func grant(of token: String) async throws -> TokenGrant? {
        let hash = SHA256.hex(token)
        let now = context.clock.now()
        guard let grant = try await context.store.read({ try await $0.grant(tokenHash: hash) }),
            grant.expiresAt > now
        else { return nil }
        if let worker = grant.worker {
            try await noteFirstUse(worker)
            contacts.note(worker)
        }
        return grant
    }

    /// Whether a worker should end, and why.
    public func shouldTerminate(_ key: WorkerKey) async throws -> String? {
        guard let worker = try await context.store.read({ try await $0.worker(key) }) else {
            throw Problem(.workerNotFound, "there is no worker \(key)")
        }
        switch worker.state {
        case .requested, .running: return worker.drain
        case .stopping, .stopped: return worker.stopReason ?? worker.drain ?? StopReason.exited
        }
    }

    /// Tells the pool's owner of a valid proof that was refused, once for each worker: somebody else on its machine
    /// may have read it.
    private func report(_ refusal: Problem, of key: WorkerKey) async throws {
        let isNew = reported.withLock { reported in
            if reported.count >= EnginePolicy.workersRemembered { reported.removeAll() }
            return reported.insert(key).inserted
        }
        guard isNew else { return }
        context.log.warning("a worker's proof was refused", ["worker": "\(key)", "why": refusal.message])
        let now = context.clock.now()
        try await context.write(in: .pool(key.poolID), reaching: .workerNoted) { transaction in
            guard let worker = try await transaction.worker(key) else { return }
            try await transaction.save(
                ReportedError(
                    id: "\(key.id)-proof-refused", poolID: key.poolID,
                    launchConfigID: worker.launchConfigID, launchID: worker.launchID, worker: key,
                    kind: "registration-error", title: "a valid proof was shown again, and refused",
                    description: refusal.message, at: now))
        }
    }

    private func claim(
        of key: WorkerKey, _ proof: Document, at provider: any CloudProvider
    ) async throws -> IdentityClaim {
        // Where clouds name the instances, no launch is in their workers' names, and no token is theirs.
        let launch = key.id.rawValue.lastIndex(of: "-").map { String(key.id.rawValue[..<$0]) }
        let token = launch.flatMap { launch in
            LaunchID.accepts(launch)
                ? context.masterKey.registrationToken(launch: LaunchID(rawValue: launch), worker: key.id)
                : nil
        }
        var claim = IdentityClaim(
            worker: key.id, group: key.group, proof: proof, at: context.clock.now(),
            audience: context.serviceURL(), registrationToken: token)
        if context.isMadeByHand(provider.id),
            let stored = try await context.store.read({ try await $0.secretHash(of: key) })
        {
            let masterKey = context.masterKey
            claim.isOwnSecret = { StaticSecret($0, of: key, with: masterKey).matches(stored) }
        }
        return claim
    }

    /// The launch that a worker came of.
    ///
    /// A worker can be quicker than the answer to its launch: then its instance is looked up, and adopted.
    private func launch(of key: WorkerKey, _ provider: any CloudProvider) async throws -> LaunchID {
        if let worker = try await context.store.read({ try await $0.worker(key) }) {
            guard worker.providerID == provider.id else { throw refusal("it is another provider's") }
            return worker.launchID
        }
        let found: Instance?
        do {
            found = try await context.places.provider(provider.id).instance(of: key.id, in: key.group)
        } catch {
            throw Problem(.unavailable, "the provider cannot be asked for the instance yet: try again soon")
        }
        guard let instance = found else {
            throw Problem(.unavailable, "the instance is not listed yet: try again soon")
        }
        let launch = try await context.store.read { try await $0.launch(instance.launchID) }
        guard let launch, launch.state != .abandoned, launch.poolID == key.poolID,
            launch.providerID == provider.id
        else { throw refusal("its launch is not one to take workers from") }
        let now = context.clock.now()
        try await context.write(in: .pool(key.poolID), reaching: .workerLookedUp) { transaction in
            guard let launch = try await transaction.launch(launch.id), launch.state != .abandoned else {
                return
            }
            try await transaction.adopt(instance, of: launch, self.context.outputs, at: now)
        }
        return launch.id
    }

    private func admit(_ key: WorkerKey, nonce: String?, lifecycle: Lifecycle) async throws -> Admission {
        let now = context.clock.now()
        return try await context.write(in: .pool(key.poolID), reaching: .workerRegistered) { transaction in
            guard let old = try await transaction.worker(key) else {
                throw Problem(.workerNotFound, "there is no worker \(key)")
            }
            var worker = old
            if case .became(let type) = worker.register(
                at: now, nonce: nonce, expiresAt: lifecycle.credentialsEnd(of: old, from: now))
            {
                // Of one that takes its tasks elsewhere only the source knows whether it idles.
                if !lifecycle.claimsFromQueue { worker.idleSince = nil }
                try await transaction.save(worker, was: old, lookAt: worker.nextLook(lifecycle, at: now))
                try await transaction.changeHealth(of: worker.launchConfigID, in: key.poolID) {
                    $0.note(.registered, at: now)
                }
                // One that could not register, since nobody was there, says nothing of boots.
                if worker.requestedAt >= self.context.attendedSince, !worker.isMadeByHand {
                    try await transaction.addBoot(of: worker, lifecycle, at: now)
                }
                if !lifecycle.claimsFromQueue { try await transaction.hear(from: worker, at: now) }
                try await transaction.publish(worker.event(type, at: now))
            } else if worker.isMadeByHand {
                try await transaction.registerAgain(&worker, nonce: nonce, lifecycle, at: now)
            } else {
                try self.checkRepeat(worker, nonce: nonce, at: now)
            }
            let admission = try await self.admission(of: worker, in: transaction)
            try await transaction.saveToken(
                hash: SHA256.hex(admission.accessToken.reveal()),
                TokenGrant(clientID: admission.clientID, worker: key, expiresAt: admission.expiresAt),
                createdAt: now)
            return admission
        }
    }

    private func checkRepeat(_ worker: Worker, nonce: String?, at now: Timestamp) throws(Problem) {
        guard worker.state == .running, let registeredAt = worker.registeredAt else {
            throw refusal("it is being ended")
        }
        guard worker.nonce == nonce, worker.credentialsUsedAt == nil,
            now <= registeredAt + context.policy.registrationRepeat
        else { throw refusal("it has registered before") }
    }

    /// Derived, not stored: a repeat of the registration gives the same.
    private func admission(of worker: Worker, in transaction: any ReadTransaction) async throws -> Admission {
        let key = worker.key
        let registeredAt = worker.registeredAt ?? worker.requestedAt
        let token = context.masterKey.secret(
            for: "access", key.description, worker.nonce ?? "", String(registeredAt.milliseconds))
        let config = try await transaction.launchConfig(worker.launchConfigID, of: key.poolID)
        return Admission(
            clientID: "worker/\(worker.providerID)/\(key)", accessToken: token,
            expiresAt: worker.expiresAt ?? registeredAt,
            secret: context.masterKey.secret(for: "reregistration", key.description, worker.nonce ?? ""),
            workerConfig: config?.definition.content["workerConfig"] ?? Document(.object([])))
    }

    private func noteFirstUse(_ key: WorkerKey) async throws {
        let isNew = seen.withLock { seen in
            // Forgetting costs a read each; remembering every worker there ever was would cost memory.
            if seen.count >= EnginePolicy.workersRemembered { seen.removeAll() }
            return seen.insert(key).inserted
        }
        guard isNew else { return }
        let now = context.clock.now()
        do {
            try await context.write(in: .pool(key.poolID), reaching: .credentialsUsed) { transaction in
                guard let old = try await transaction.worker(key) else { return }
                var worker = old
                if worker.useCredentials(at: now) == .noted {
                    try await transaction.save(worker, was: old, lookAt: now)
                }
            }
        } catch {
            // The next call notes it.
            _ = seen.withLock { $0.remove(key) }
            throw error
        }
    }

    private func refusal(_ reason: String) -> Problem {
        Problem(.registrationRefused, "the worker cannot be registered: \(reason)")
    }
}
