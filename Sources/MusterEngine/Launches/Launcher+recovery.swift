import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Launches of which nobody knows what came: those whose answer was lost, those that a process left that has died, and
/// those on which a cloud still works.
extension Launcher {
    /// Looks up every launch of this process's pools whose outcome nobody knows and nobody is finding out.
    ///
    /// - Returns: when the next look-up is due.
    func recover() async throws -> Timestamp? {
        let planned = try await planned()
        let busy = launchesInFlight
        let limit = EnginePolicy.lookUpsPerProvider
        let uptime = context.clock.uptime()
        let next = lookUps.withLock { $0.next(of: planned, inFlight: busy, limit: limit, at: uptime) }
        for launch in next { start(launch) { try await self.lookUp(launch) } }
        return planned.isEmpty ? nil : context.clock.now() + context.policy.recoveryInterval
    }

    /// All that there are; a look reads the row that it is about.
    private func planned() async throws -> [LaunchReference] {
        let holder = try await leases.holder()
        var planned: [LaunchReference] = []
        while true {
            let last = planned.last
            let page = try await context.store.read {
                try await $0.plannedLaunches(of: holder, after: last, limit: EnginePolicy.launchesPerRead)
            }
            planned += page
            if page.count < EnginePolicy.launchesPerRead { return planned }
        }
    }

    private func lookUp(_ launch: LaunchReference) async throws {
        do {
            try await recover(launch)
            note(launch, failed: false)
        } catch {
            note(launch, failed: true)
            throw error
        }
    }

    private func note(_ launch: LaunchReference, failed: Bool) {
        let uptime = context.clock.uptime()
        lookUps.withLock { $0.note(launch.id, failed: failed, at: uptime, context.policy) }
    }

    /// Where there is nobody to ask it is not known what came of it, however long that lasts.
    private func recover(_ reference: LaunchReference) async throws {
        // Another process may be about to call for it.
        let held = leases.lease(of: reference.poolID)
        let lease = try await held.required()
        guard let planned = try await context.store.read({ try await $0.launch(reference.id) }),
            planned.state == .planned
        else { return }
        let provider = try await context.places.provider(planned.providerID)
        let found = try await context.bounded { () throws(CloudError) in
            try await provider.find(SentLaunch(planned))
        }
        let now = try await context.moment()
        // Its times may have been moved along with the clock.
        guard let launch = try await context.store.read({ try await $0.launch(planned.id) }),
            launch.state == .planned
        else { return }
        let recovery = launch.recovery(
            found: found.instances.count, refused: found.refusals.map(\.count).reduce(0, +),
            isUnderWay: found.isUnderWay, quietAfter: provider.timing.lookUpDelay,
            repeatWindow: provider.timing.repeatWindow, now: now)
        context.log.info("a launch is looked up", ["launch": launch.id.rawValue, "decision": "\(recovery)"])
        switch recovery {
        case .wait:
            try await held.forgettingWhatIsLost {
                try await Settlement(context).record(found.instances, of: launch, under: lease)
            }
        case .adopt:
            let isOwn = launch.epoch == lease.epoch
            let refusals = complete(
                found.refusals, found.instances.count, of: launch,
                otherwise: isOwn ? Self.missing : Self.interrupted)
            throttled.note(refusals, of: launch)
            try await held.forgettingWhatIsLost {
                try await Settlement(context).settle(
                    launch, instances: found.instances, refusals: refusals, under: lease,
                    reaching: .launchAdopted)
            }
        case .sendAgain:
            let mayBeSent = try await context.write(
                in: .pool(launch.poolID), reaching: { $0 ? .launchResent : nil }
            ) { transaction -> Bool in
                try await self.context.require(lease, in: transaction)
                // What a person has stopped meanwhile waits, or is adopted if it came all the same.
                guard let old = try await transaction.launch(launch.id),
                    try await !transaction.isHeld(launch.poolID, at: now)
                else { return false }
                var launch = old
                guard launch.send(at: now) else { return false }
                try await transaction.save(launch, was: old)
                return true
            }
            if mayBeSent { try await send(launch) }
        case .abandon:
            let error = CloudError(
                .unknown, cloudCode: "abandoned",
                message: "nothing came of the launch, and it is not tried again")
            try await abandon(launch, because: error, under: lease)
        }
    }

    private func abandon(_ launch: Launch, because error: CloudError, under lease: Lease) async throws {
        let now = context.clock.now()
        try await context.write(in: .pool(launch.poolID), reaching: .launchAbandoned) { transaction in
            try await self.context.require(lease, in: transaction)
            try await transaction.abandon(launch.id, because: error, at: now)
        }
    }
}

extension Launcher {
    /// Whoever sent it has ended, and with it went what it was answered, or the calls that it had not made yet.
    private static let interrupted = CloudError(
        .transient, cloudCode: "interrupted",
        message: "the process that sent the launch ended before it was known why these did not come")
}

extension WriteTransaction {
    /// Takes nothing from a launch any more: what it brought all the same is ended.
    func abandon(_ id: LaunchID, because error: CloudError, at now: Timestamp) async throws {
        guard let old = try await launch(id) else { return }
        var launch = old
        guard launch.abandon(because: error, at: now) else { return }
        try await save(launch, was: old)
        try await changeHealth(of: launch.launchConfigID, in: launch.poolID) { $0.note(.abandoned, at: now) }
        try await publish(launch.event(.launchAbandoned, at: now))
    }
}
