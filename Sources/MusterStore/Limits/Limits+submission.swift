import MusterCore

extension WriteTransaction {
    /// Takes slots for tasks that are being submitted, of those of their limits that do not let tasks wait.
    ///
    /// - Throws: `Problem` `limit-reached` when nothing is free, and then none of the tasks is submitted.
    func takeSlots(for tasks: inout [QueuedTask]) async throws {
        var ofPools: [PoolID: LimitID] = [:]
        for pool in Set(tasks.map(\.poolID)) { ofPools[pool] = try await limitID(of: pool) }
        let named = Set(tasks.flatMap(\.limits.named)).union(ofPools.values)
        guard !named.isEmpty else { return }
        let limits = try await rows(
            "SELECT * FROM limits WHERE id = $1", forEach: named.sorted().map { [$0] }
        )
        .compactMap(\.first).map(ConcurrencyLimit.init(row:))
        guard limits.count == named.count else {
            throw Problem(.limitNotFound, "a concurrency limit has just been deleted", field: "limits")
        }
        let taken = limits.filter { $0.whenFull == .cancelNew }.map(\.id)
        guard !taken.isEmpty else { return }
        try await lock(limits: Set(taken.map(\.rawValue)))
        let now = tasks.map(\.submittedAt).max() ?? Timestamp(milliseconds: 0)
        var usages = try await self.usages(of: taken, at: now)
        let line = try await limitLine(try await limitWaiters(at: now), usages: usages, at: now)
        var holders: [[any SQLConvertible]] = []
        for index in tasks.indices {
            var entries = tasks[index].limits.entries
            let ofPool = ofPools[tasks[index].poolID]
            if let ofPool, !entries.contains(where: { $0.limit == ofPool }), usages[ofPool] != nil {
                entries.append(LimitSet.Entry(ofPool, .heldForPool))
            }
            for place in entries.indices {
                guard var usage = usages[entries[place].limit] else { continue }
                // Whoever waits in order asked before this submission.
                let kept = (line.kept[usage.limit.id] ?? []).map(\.slots).reduce(0, +)
                guard usage.free(at: now) > kept else { throw usage.full(tasks.count == 1 ? nil : index) }
                if usage.limit.rate == nil {
                    usage.held += 1
                    holders.append([usage.limit.id, tasks[index].holderName, 1, now, SQLValue.null])
                } else {
                    usage.limit.spend(1, at: now)
                }
                usages[usage.limit.id] = usage
                if entries[place].standing == .needed { entries[place].standing = .held }
            }
            tasks[index].limits = LimitSet(entries)
        }
        try await insertHolders(holders)
        try await saveTokens(of: usages.values.map(\.limit))
    }
}

extension LimitUsage {
    /// What whoever submits a task is told when nothing is free.
    func full(_ index: Int?) -> Problem {
        let taken =
            limit.rate == nil
            ? "all \(limit.slots) slots are held" : "all \(limit.slots) slots are used up for now"
        return Problem(
            .limitReached,
            "the concurrency limit \(limit.name) takes no new tasks, since \(taken): submit the task again when "
                + "one has ended (muster limit holders \(limit.name))",
            field: index.map { "tasks[\($0)].limits" } ?? "limits")
    }
}
