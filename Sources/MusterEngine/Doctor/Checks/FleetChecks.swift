import MusterClouds
import MusterCore
import MusterStore

extension DoctorCheck {
    /// Whether it is known of every launch what came of it.
    static let launches = DoctorCheck("launches") { patient in
        let moment = patient.now - DoctorPolicy.launchUnknown
        let launches = try await patient.context.store.read {
            try await $0.launches(plannedBefore: moment, limit: DoctorPolicy.rows)
        }
        guard launches.isEmpty else {
            return .warning(
                "of \(launches.count) launches nobody knows for long what came of them",
                do: patient.loops == nil
                    ? "start the service: it looks them up at the provider"
                    : "see whether their providers are enabled and answer, and the loop launches in the service's log",
                launches.map { "\($0.id) of \($0.poolID) at \($0.providerID), planned \($0.plannedAt)" })
        }
        return .ok("it is known of every launch what came of it, or soon will be")
    }

    /// Whether every worker is where somebody looks: its end would go unnoticed.
    static let groups = DoctorCheck("groups") { patient in
        let found = try await patient.context.store.upkeep.read { try await $0.groupsOfWorkers() }
        let unseen = found.filter { group in
            guard let provider = patient.context.providers[group.provider] else { return false }
            return !provider.realms.contains { $0.group == nil || $0.group == group.group }
        }
        guard unseen.isEmpty else {
            return .failed(
                "workers run in \(unseen.count) groups that their providers do not look into: they are neither seen "
                    + "to end nor found when they are lost",
                do: "add the regions to the providers in muster.yaml until their last workers are gone",
                unseen.map { "\($0.group) of \($0.provider)" })
        }
        return .ok("every worker is where its provider looks")
    }

    /// Whether workers are gone that should be.
    static let workers = DoctorCheck("workers") { patient in
        let workers = try await patient.context.store.upkeep.read {
            try await $0.overdueWorkers(limit: DoctorPolicy.rows)
        }
        guard workers.isEmpty else {
            return .warning(
                "\(workers.count) workers are not gone, though the provider was asked to end them",
                do: "look their instances up at the provider and end them there; they do not count any more",
                workers.map {
                    "\($0.key), instance \($0.instanceID), stopping since \($0.stoppingAt?.description ?? "-")"
                })
        }
        return .ok("every worker that was to be ended is gone, or has time left")
    }

    /// Whether claims end when they should.
    static let tasks = DoctorCheck("tasks") { patient in
        let moment = patient.now - DoctorPolicy.claimPast
        let tasks = try await patient.context.store.read {
            try await $0.tasks(claimedOnlyUntil: moment, limit: DoctorPolicy.rows)
        }
        guard tasks.isEmpty else {
            return .warning(
                "the claims on \(tasks.count) tasks have ended, and the tasks are still with their workers",
                do: patient.loops == nil
                    ? "start the service: it gives them back to the queue"
                    : "see the loop tasks in the service's log",
                tasks.map { "\($0.id) of \($0.poolID), claimed until \($0.takenUntil?.description ?? "-")" })
        }
        return .ok("no task is held by a claim that has ended")
    }
}
