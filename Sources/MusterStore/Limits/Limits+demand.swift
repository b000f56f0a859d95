public import MusterCore

/// The tasks of a pool that wait, by whether they could start.
public struct WaitingTasks: Hashable, Sendable {
    /// How many wait.
    public var pending: Int
    /// How many of them could start now, with what other pools' tasks want of the same limits set aside.
    public var startable: Int
    /// How many each limit holds back; a task that two hold back is counted with both.
    public var heldBack: [HeldBackTasks]
}

extension ReadTransaction {
    /// How many tasks of a pool wait, and how many of them could start: from counters, however many they are.
    public func waitingTasks(of pool: PoolID, at now: Timestamp) async throws -> WaitingTasks {
        let ofPool = try await limitID(of: pool)
        var waiting = WaitingTasks(pending: 0, startable: 0, heldBack: [])
        var needed: Set<LimitID> = []
        for row in try await rows(
            "SELECT limit_set, pending FROM demand WHERE pool_id = $1 AND pending > 0", pool)
        {
            let pending = try row.int("pending")
            let needs = LimitSet(text: try row.text("limit_set")).needs(ofPool: ofPool)
            waiting.pending += pending
            if needs.isEmpty { waiting.startable += pending }
            needed.formUnion(needs)
        }
        guard !needed.isEmpty else { return waiting }
        let found = Set(try await waitingLanes(for: needed).values.flatMap(\.self))
        let lanes = found.sorted { ($0.pool, $0.limits.text) < ($1.pool, $1.limits.text) }
        let usages = try await usages(of: Set(lanes.flatMap(\.needs)), at: now)
        let line = try await limitLine(try await limitWaiters(at: now), usages: usages, at: now)
        let free = usages.keys.reduce(into: [:]) { $0[$1] = line.left[$1] ?? .max }
        let division = StartableTasks(
            lanes.map { StartableTasks.Lane(pool: $0.pool, needs: $0.needs, pending: $0.pending) },
            free: free)
        // What is kept for a task that has reserved and can have all is no less startable.
        let ready = line.ready.filter { $0.poolID == pool }.count
        waiting.startable = min(waiting.pending, waiting.startable + ready)
        var heldBack: [LimitID: Int] = [:]
        for (lane, startable) in zip(lanes, division.startable) where lane.pool == pool {
            waiting.startable += startable
            let held = lane.pending - startable
            guard held > 0 else { continue }
            for limit in lane.needs where division.left[limit, default: .max] <= 0 {
                heldBack[limit, default: 0] += held
            }
        }
        waiting.startable = min(waiting.pending, waiting.startable)
        waiting.heldBack = heldBack.compactMap { id, tasks in
            usages[id].map { HeldBackTasks(limit: $0.limit.name, tasks: tasks) }
        }.sorted { $0.limit < $1.limit }
        return waiting
    }
}
