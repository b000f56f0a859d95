import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

extension Reconciler {
    /// An instance that nobody knows.
    struct Stranger {
        /// The uptime at the first look that found it.
        let since: Duration
        /// Whether it has been told that it is ended.
        var isDoomed = false
    }

    /// Whose an instance without a living row is.
    private enum Belonging: Sendable {
        /// A launch's that is being carried out.
        case expected
        /// Ours now.
        case adopted
        case nobodys(because: String)
    }

    /// Instances without a living row: adopted when their launch is ours to take from, else ended once they have
    /// been there for a while.
    func handleStrangers(_ instances: [Instance], at uptime: Duration, _ lease: Lease) async throws {
        let living = instances.filter { $0.state != .gone }
        let ids = Set(living.map(\.id))
        strangers.withLock { $0 = $0.filter { ids.contains($0.key) } }
        var doomed: [String] = []
        for instance in living {
            guard case .nobodys(let reason) = try await belonging(of: instance, lease) else {
                _ = strangers.withLock { $0.removeValue(forKey: instance.id) }
                continue
            }
            let stranger = strangers.withLock { strangers in
                let stranger = strangers[instance.id] ?? Stranger(since: uptime)
                strangers[instance.id] = stranger
                return stranger
            }
            guard uptime - stranger.since >= context.policy.unknownInstanceGrace else { continue }
            if !stranger.isDoomed { try await tellOfTheEnd(of: instance, because: reason, lease) }
            doomed.append(instance.id)
        }
        guard !doomed.isEmpty else { return }
        // Whoever has the lease meanwhile may know them.
        try await self.lease.assure(lease, lasting: context.callDeadline(of: provider))
        let errors = await provider.terminate(doomed)
        for (instance, error) in errors.sorted(by: { $0.key < $1.key }) {
            context.log.warning(
                "an instance that nobody knows could not be ended yet",
                ["provider": provider.id.rawValue, "instance": instance, "error": error.description])
        }
    }

    /// An event before it is done, once by each process that does it.
    private func tellOfTheEnd(of instance: Instance, because reason: String, _ lease: Lease) async throws {
        let now = context.clock.now()
        let launch = try await context.store.read { try await $0.launch(instance.launchID) }
        let provider = provider.id
        try await write(of: launch?.poolID, under: lease, reaching: { _ in .workerNoted }) { transaction in
            try await transaction.publish(
                instance.endedEvent(at: provider, of: launch, because: reason, at: now))
        }
        strangers.withLock { $0[instance.id]?.isDoomed = true }
        context.log.warning(
            "an instance that nobody knows is ended",
            ["provider": provider.rawValue, "instance": instance.id, "why": reason])
    }

    /// Whether an instance belongs to a launch that is being carried out, or could be adopted now.
    private func belonging(of instance: Instance, _ lease: Lease) async throws -> Belonging {
        let now = context.clock.now()
        guard let pool = try await context.store.read({ try await $0.launch(instance.launchID) })?.poolID
        else { return .nobodys(because: "no launch \(instance.launchID) is known") }
        return try await write(
            of: pool, under: lease,
            reaching: { if case .adopted = $0 { .instanceAdopted } else { nil } }
        ) { transaction -> Belonging in
            guard let launch = try await transaction.launch(instance.launchID) else {
                return .nobodys(because: "no launch \(instance.launchID) is known")
            }
            switch launch.state {
            case .planned: return .expected
            case .abandoned: return .nobodys(because: StopReason.abandoned)
            case .settled:
                // What a launch gave beyond what it asked for is nobody's need.
                let key = WorkerKey(poolID: pool, group: instance.group, id: instance.workerID)
                let isNew = try await transaction.worker(key) == nil
                if isNew, try await transaction.workerCount(of: launch.id) >= launch.count {
                    return .nobodys(
                        because: "its launch asked for \(launch.count) instances, and has had them")
                }
                let worker = try await transaction.adopt(
                    instance, of: launch, self.context.outputs, at: now)
                return worker.state == .stopped
                    ? .nobodys(because: "its worker has stopped: \(worker.stopReason ?? StopReason.exited)")
                    : .adopted
            }
        }
    }
}

extension Instance {
    /// The event that it is ended, since nobody knows it.
    fileprivate func endedEvent(
        at provider: ProviderID, of launch: Launch?, because reason: String, at now: Timestamp
    ) -> Event {
        Event(
            .instanceEnded, subject: "instance/\(provider)/\(id)", poolID: launch?.poolID, time: now,
            data: .object([
                "providerId": .string(provider.rawValue), "instanceId": .string(id),
                "workerGroup": .string(group.rawValue), "workerId": .string(workerID.rawValue),
                "launchId": .string(launchID.rawValue),
                "workerPoolId": (launch?.poolID.rawValue).map(Document.string), "reason": .string(reason),
            ]))
    }
}
