import MusterCore

extension WriteTransaction {
    /// Counts claims that ended in their workers' rows and buckets.
    ///
    /// A worker that holds nothing any more may have been waiting for that to be ended: then somebody looks at it
    /// at once. Otherwise only its silence begins, and busy workers are between two tasks many times a second.
    func release(_ claims: [WorkerKey: Int], at now: Timestamp) async throws {
        let workers = claims.keys.sorted()
        guard !workers.isEmpty else { return }
        let rows = try await rows(
            """
            SELECT launch_config_id, bucket, claimed, state, drain, stopped_at, next_look_at FROM workers
            WHERE pool_id = $1 AND worker_group = $2 AND id = $3
            """, forEach: workers.map { [$0.poolID, $0.group, $0.id] })
        var capacity = CapacityChange()
        var counted: [[any SQLConvertible]] = []
        var looked: [[any SQLConvertible]] = []
        for (worker, row) in zip(workers, rows) {
            guard let row = row.first, let count = claims[worker] else { continue }
            capacity.add(
                CapacityTally(claimed: -count),
                to: CapacityAccount(
                    poolID: worker.poolID,
                    launchConfigID: try row.value("launch_config_id", as: LaunchConfigID.self),
                    bucket: try row.value("bucket", as: Bucket.self)))
            let isIdle = try row.int("claimed") <= count
            let idleSince = isIdle ? now : nil
            let look = try row.optionalTime("next_look_at")
            let next = isIdle ? try nextLook(at: row, now, after: look) : look
            let key: [any SQLConvertible] = [worker.poolID, worker.group, worker.id]
            if next == look {
                counted.append(key + [-count, idleSince])
            } else {
                looked.append(key + [-count, idleSince, next])
            }
            signal(.pool(worker.poolID))
        }
        // The next look is on an index: it is written where it changes.
        let keys = ["pool_id", "worker_group", "id"]
        if !counted.isEmpty {
            try await change(.update("workers", where: keys, [.add("claimed"), .set("idle_since")]), counted)
        }
        if !looked.isEmpty {
            try await change(
                .update(
                    "workers", where: keys, [.add("claimed"), .set("idle_since"), .set("next_look_at")]),
                looked)
            signal(.workers)
        }
        try await apply(capacity)
    }

    /// When somebody looks at a worker that has run out of work.
    private func nextLook(at row: Row, _ now: Timestamp, after look: Timestamp?) throws -> Timestamp? {
        guard try row.optionalTime("stopped_at") == nil else { return look }
        let mayBeEnded =
            try row.optionalText("drain") != nil
            || row.value("state", as: Worker.State.self) != .running
        if mayBeEnded { return now }
        let soon = now + StorePolicy.lookAfterWork
        return look.map { min($0, soon) } ?? soon
    }
}
