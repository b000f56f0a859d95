import MusterCore
import MusterRuntime
import MusterStore

extension Reconciler {
    /// The workers that one listing shows, and those that it does not.
    struct Absence {
        /// How many it shows.
        var seen = 0
        /// Those that it should show and does not.
        var missed: [Worker] = []

        /// Whether it shows so few that it is the listing that may be wrong: of a fleet that works, most do not go at
        /// once.
        var isOfMost: Bool { missed.count >= EnginePolicy.manyMissed && missed.count > seen }
    }

    /// What follows of workers that a listing does not show: they are gone once two listings have missed them, some
    /// time apart; after a longer time when most are missed at once.
    func conclude(_ absence: Absence, at uptime: Duration, _ lease: Lease) async throws {
        let keys = Set(absence.missed.map(\.key))
        missing.withLock { $0 = $0.filter { keys.contains($0.key) } }
        let patience =
            absence.isOfMost ? context.policy.patienceWithMost : context.policy.patienceWithAbsence
        if absence.isOfMost {
            context.log.warning(
                "a listing shows few of the workers that there should be: they count as gone when it still does later",
                [
                    "loop": name, "shown": "\(absence.seen)", "missed": "\(absence.missed.count)",
                    "after": "\(patience.inSeconds) s",
                ])
        }
        for worker in absence.missed {
            let since = missing.withLock { missing in
                let since = missing[worker.key] ?? uptime
                missing[worker.key] = since
                return since
            }
            if worker.missedLooks == 0 {
                try await change(worker.key, lease) { $0.miss() }
            } else if uptime - since >= patience {
                try await stop(worker.key, because: StopReason.missing, lease)
            }
        }
    }
}
