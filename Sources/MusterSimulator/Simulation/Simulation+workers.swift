import MusterCore

extension Simulation {
    /// The cloud answers a call: an instance is there, or it is not and the policy hears why.
    mutating func answer(_ instances: Int, of config: Int) {
        callsInFlight -= 1
        fleet.request(-instances, of: config)
        var refusals: [(error: CloudError, count: Int)] = []
        for _ in 0..<instances {
            switch cloud.launch(config, at: now, living: fleet.living) {
            case .accepted(let boot, let interruption): accept(config, boot: boot, interruption)
            case .refused(let error):
                if let same = refusals.firstIndex(where: { $0.error == error }) {
                    refusals[same].count += 1
                } else {
                    refusals.append((error, 1))
                }
            }
        }
        let refused = refusals.reduce(0) { $0 + $1.count }
        recorder.note(asked: instances, refused: refused, of: config)
        if refused < instances {
            policy.observe(.accepted(config: config, instances: instances - refused), now: timestamp)
        }
        for (error, count) in refusals {
            policy.observe(.refused(config: config, instances: count, error: error), now: timestamp)
        }
        change()
    }

    private mutating func accept(
        _ config: Int, boot: Int64?, _ interruption: (after: Int64, notice: Int64)?
    ) {
        let worker = fleet.accept(config, at: now)
        let patience = (policy.registrationPatience ?? setup.pool.lifecycle.registrationTimeout).milliseconds
        if let boot, boot < patience {
            events.add(.registered(worker: worker), at: now + boot)
        } else {
            events.add(.unregistered(worker: worker), at: now + patience)
        }
        if let interruption {
            events.add(
                .noticed(worker: worker, notice: interruption.notice), at: now + interruption.after)
        }
    }

    /// A worker registers and takes what waits.
    mutating func register(_ worker: Int) {
        let simulated = fleet.workers[worker]
        guard simulated.state == .starting else { return }
        fleet.register(worker, at: now)
        recorder.noteRegistered(simulated.config)
        policy.observe(
            .registered(
                config: simulated.config, after: .milliseconds(now - simulated.acceptedAt + cloud.answerTime)),
            now: timestamp)
        serve(worker)
        change()
    }

    /// A worker has not registered in time: its launch config answers for it, unless the cloud had said that it
    /// takes the instance back.
    mutating func giveUp(_ worker: Int) {
        let simulated = fleet.workers[worker]
        guard simulated.state == .starting else { return }
        if !simulated.isReclaimed {
            recorder.noteNeverRegistered(simulated.config)
            policy.observe(.neverRegistered(config: simulated.config), now: timestamp)
        }
        stop(worker)
    }

    /// The cloud says that it takes an instance back: its worker takes no more tasks.
    mutating func notice(_ worker: Int, _ notice: Int64) {
        guard [.starting, .running].contains(fleet.workers[worker].state) else { return }
        fleet.reclaim(worker)
        recorder.noteInterrupted(fleet.workers[worker].config)
        events.add(.reclaimed(worker: worker), at: now + notice)
        change()
    }

    /// The cloud takes an instance back: it is billed no more, and what it ran runs again.
    mutating func reclaim(_ worker: Int) {
        guard [.starting, .running].contains(fleet.workers[worker].state) else { return }
        let lost = fleet.stop(worker)
        remove(worker)
        runAgain(lost)
    }

    /// A worker has been idle for as long as it waits for work.
    mutating func endIdle(_ worker: Int, since: Int64) {
        guard fleet.workers[worker].state == .running, fleet.workers[worker].idleSince == since else {
            return
        }
        stop(worker)
    }

    /// A worker is ended for its number, unless it has got work or gone away since the plan was made.
    mutating func retire(_ worker: Int) {
        guard fleet.workers.indices.contains(worker), fleet.workers[worker].bucket == .running,
            fleet.workers[worker].idleSince != nil
        else { return }
        stop(worker)
    }

    private mutating func stop(_ worker: Int) {
        let lost = fleet.stop(worker)
        let time = cloud.stopping(of: fleet.workers[worker].config, at: now)
        events.add(.gone(worker: worker), at: now + time)
        let patience = setup.pool.lifecycle.stoppingTimeout.milliseconds
        if time > patience { events.add(.overdue(worker: worker), at: now + patience) }
        runAgain(lost)
        change()
    }

    /// An instance should have been gone by now: it is no longer counted against the pool.
    mutating func becomeOverdue(_ worker: Int) {
        guard fleet.workers[worker].state == .stopping else { return }
        fleet.becomeOverdue(worker)
        change()
    }

    /// An instance is gone.
    mutating func remove(_ worker: Int) {
        fleet.remove(worker)
        policy.observe(.gone(config: fleet.workers[worker].config), now: timestamp)
        change()
    }
}
