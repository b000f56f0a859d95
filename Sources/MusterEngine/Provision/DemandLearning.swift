import MusterCore
import MusterRuntime
import MusterStore

/// What a pool's passes learn of how its work comes and goes; kept in the store, so that whoever works on the pool
/// next goes on from there.
final class DemandLearning: Sendable {
    private let context: EngineContext
    private let state = Locked(State())

    private struct State {
        var statistics: DemandStatistics?
        var savedAt: Timestamp?
    }

    init(_ context: EngineContext) { self.context = context }

    /// Learns from the numbers of a snapshot that is about to be decided on: what is to be expected of them.
    ///
    /// Numbers that nobody knows teach nothing.
    func outlook(for current: SnapshotReader.PoolAndSnapshot) async throws -> DemandOutlook {
        let snapshot = current.snapshot
        let now = context.clock.now()
        guard snapshot.anticipation.isLearning,
            case .known(let pending, let claimed, _) = snapshot.demand.fresh(
                at: now, within: snapshot.demandStaleness)
        else { return .unchanged }
        let startable = max(0, pending - snapshot.notStartable)
        let supply = snapshot.launchConfigs.reduce(CapacityTable()) { $0 + $1.capacity }
        let known = try await known(of: snapshot.poolID)
        let lead = BootStatistics.lead(
            of: current.configs.filter { $0.archivedAt == nil }.map {
                ($0.boots, $0.definition.settings.initialWeight)
            })
        return state.withLock { state in
            if state.statistics == nil { state.statistics = known ?? DemandStatistics(at: now) }
            // In place: each pass would copy the histograms otherwise.
            state.statistics?.observe(
                tasks: claimed + startable, isWaiting: startable > 0, running: supply[.running].capacity,
                requested: supply[.requested].capacity, lead: lead, at: now)
            return state.statistics?.outlook(for: snapshot.anticipation, at: now) ?? .unchanged
        }
    }

    private func known(of pool: PoolID) async throws -> DemandStatistics? {
        guard state.withLock({ $0.statistics == nil }) else { return nil }
        return try await context.store.read { try await $0.demandStatistics(of: pool) }
    }

    /// What has been learned, when it is time to keep it.
    func due(at now: Timestamp) -> DemandStatistics? {
        state.withLock { state in
            if let savedAt = state.savedAt, now >= savedAt, now - savedAt < EnginePolicy.learningKept {
                return nil
            }
            return state.statistics
        }
    }

    /// Notes that what was due has been kept.
    func note(savedAt now: Timestamp) { state.withLock { $0.savedAt = now } }
}

extension WriteTransaction {
    /// Learns from a worker that has come to work how long workers of its launch config take.
    ///
    /// No longer than one may take at all: whatever took longer was not its boot.
    func addBoot(of worker: Worker, _ lifecycle: Lifecycle, at now: Timestamp) async throws {
        let time = min(now - worker.requestedAt, lifecycle.launchTimeout + lifecycle.registrationTimeout)
        try await addBoot(time, of: worker.launchConfigID, in: worker.key.poolID)
    }
}
