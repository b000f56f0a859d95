import MusterCore
import MusterRuntime
import MusterStore

/// This process among those that work on the store.
///
/// It announces itself, and whatever it holds is its own for as long as its row is kept alive: one write prolongs
/// all of it. A process that was away for longer than that announces itself anew and holds nothing.
actor Presence {
    private struct State {
        var replica: Replica?
        var announcements = 0
        /// Since when it has been there without interruption.
        var presentSince: Timestamp?
    }

    private nonisolated let state = Locked(State())
    private nonisolated let clock: any WallClock
    private nonisolated let leaseTime: Duration
    private let steps: DurableSteps
    private let settlement: ClockSettlement
    private let log: Log
    private let startedAt: Timestamp
    private let describe: @Sendable (_ id: String) -> Replica
    private var running: Task<Replica, any Error>?

    /// - Parameters:
    ///   - startedAt: since when this process has been there.
    ///   - describe: what it says of itself; asked when it announces itself.
    init(
        _ clock: any WallClock, leaseTime: Duration, startedAt: Timestamp, steps: DurableSteps,
        settlement: ClockSettlement, log: Log, describe: @escaping @Sendable (_ id: String) -> Replica
    ) {
        self.clock = clock
        self.leaseTime = leaseTime
        self.startedAt = startedAt
        self.steps = steps
        self.settlement = settlement
        self.log = log
        self.describe = describe
    }

    /// What it last said of itself; nil when it has not, or has gone.
    nonisolated var last: Replica? { state.withLock { $0.replica } }

    /// Since when it has been there without interruption; nil when that is since its start.
    nonisolated var presentSince: Timestamp? { state.withLock { $0.presentSince } }

    /// This process's row with at least `time` left, renewed or announced when that is needed.
    nonisolated func replica(lasting time: Duration) async throws -> Replica {
        // One with more time left than any is given is of a clock that was set back since.
        if let known = last, case let left = known.expiresAt - clock.now(), left > time, left <= leaseTime {
            return known
        }
        return try await prolong()
    }

    /// Does not rely any more on what it knows: a write has found that the row is not as it was.
    nonisolated func doubt() { state.withLock { $0.replica?.expiresAt = Timestamp(milliseconds: 0) } }

    /// Goes: others need not wait for the end of what it holds.
    func leave() async throws {
        let replica = state.withLock { state in
            defer { state.replica = nil }
            return state.replica
        }
        guard let replica else { return }
        try await steps.write(in: Self.scope(of: replica.id), reaching: { _ in .replicaLeft }) {
            try await $0.leave(replica: replica.id)
        }
    }

    /// Whoever comes while it is being prolonged waits for the same.
    private func prolong() async throws -> Replica {
        if let running { return try await running.value }
        let task = Task { try await self.write() }
        running = task
        defer { running = nil }
        return try await task.value
    }

    private func write() async throws -> Replica {
        // A clock that was set must not look like an absence.
        _ = try await settlement.moment()
        let (known, leaseTime) = (last, leaseTime)
        if let known {
            // One that is lost with the process is as good as never made: nothing is there to die at.
            let renewed = try await steps.write(in: Self.scope(of: known.id), reaching: { _ in nil }) {
                try await $0.renew(replica: known.id, for: leaseTime)
            }
            if let renewed { return take(renewed) }
            log.warning(
                "this process was away for longer than its lease: whatever it held is anybody's by now",
                ["replica": known.id])
        }
        return try await announce(isFirst: known == nil)
    }

    private func announce(isFirst: Bool) async throws -> Replica {
        let count = state.withLock { state in
            state.announcements += 1
            return state.announcements
        }
        let replica = describe("\(count)")
        let start = isFirst ? startedAt : clock.now()
        let (leaseTime, freshness) = (leaseTime, EnginePolicy.freshness(of: leaseTime))
        let announced = try await steps.write(
            in: .named("replicas"), reaching: { _ in .replicaAnnounced }
        ) {
            try await $0.announce(
                replica, presentSince: start, freshness: freshness, for: leaseTime)
        }
        if !isFirst { state.withLock { $0.presentSince = start } }
        return take(announced)
    }

    private func take(_ replica: Replica) -> Replica {
        state.withLock { $0.replica = replica }
        return replica
    }

    private static func scope(of id: String) -> WriteScope { .named("replica:\(id)") }
}
