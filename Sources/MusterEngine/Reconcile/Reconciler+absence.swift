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

        /// Whether it lacks so many that it is the listing that may be wrong: of a fleet that works, most do not go at
        /// once. Those that were told to end are no sign of anything.
        var isOfMost: Bool {
            let unexpected = missed.count { $0.state != .stopping }
            return unexpected >= EnginePolicy.manyMissed && unexpected > seen
        }
    }

    /// What follows of workers that a listing does not show: they are gone when one still does not some time after
    /// the first; after a longer time when it is most of those that should be there.
    ///
    /// The first is kept with the worker, so that a process that comes later goes on from there.
    func conclude(_ absence: Absence, _ lease: Lease) async throws {
        let now = context.clock.now()
        let isOfMost = absence.isOfMost
        if isOfMost {
            context.log.warning(
                "a listing shows few of the workers that there should be: they count as gone when it still does later",
                [
                    "loop": name, "shown": "\(absence.seen)", "missed": "\(absence.missed.count)",
                    "after": "\(context.policy.patienceWithMost.inSeconds) s",
                ])
        }
        for worker in absence.missed {
            guard let since = worker.missedSince else {
                try await change(worker.key, lease) { $0.miss(at: now) }
                continue
            }
            let isOddOne = isOfMost && worker.state != .stopping
            let patience =
                isOddOne ? context.policy.patienceWithMost : context.policy.patienceWithAbsence
            guard now - since >= patience else { continue }
            try await stop(worker.key, because: StopReason.missing, lease)
        }
    }
}
