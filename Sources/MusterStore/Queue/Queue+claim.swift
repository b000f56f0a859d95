public import MusterCore

/// A worker's question for tasks.
public struct ClaimQuestion: Sendable {
    /// Who asks.
    public var worker: WorkerKey
    /// A repeat with the same id gets the same answer.
    public var requestID: String
    /// How many tasks it has room for.
    public var tasks: Int
    /// The runs that it holds already.
    public var holding: [RunReference]

    /// Makes a question.
    public init(worker: WorkerKey, requestID: String, tasks: Int, holding: [RunReference]) {
        self.worker = worker
        self.requestID = requestID
        self.tasks = tasks
        self.holding = holding
    }
}

/// The answer to a worker's question.
public struct ClaimReply: Sendable {
    /// The worker as it stands; nil when there is none of that name any more, or nobody looked.
    public var worker: Worker?
    /// What it may run now; also what it holds but did not name, sent again.
    public var tasks: [QueuedTask] = []
    /// What it named and does not hold any more.
    public var lost: [RunReference] = []

    /// An answer with nothing in it.
    public init(worker: Worker? = nil) { self.worker = worker }
}

extension WriteTransaction {
    /// Answers the questions of waiting workers of one pool together, at the pool's serialisation point.
    ///
    /// Tenants take turns: the one served longest ago first, those never served first of all, ties by name.
    /// Within a tenant the higher priority, then the earlier task. Of the workers those that were busy last
    /// are served first, so that the others can drain.
    /// - Returns: the replies in the order of the questions.
    public func claim(
        _ questions: [ClaimQuestion], in pool: PoolID, lease: Duration, at now: Timestamp
    ) async throws -> [ClaimReply] {
        var replies: [ClaimReply] = []
        var rooms: [Int] = []
        for question in questions {
            let (reply, room) = try await standing(of: question)
            replies.append(reply)
            rooms.append(room)
        }
        guard rooms.contains(where: { $0 > 0 }) else { return replies }

        var turns = try await QueueTurns(pool, in: self)
        var capacity = CapacityChange()
        let busyLast = questions.indices.sorted { idleSince(replies[$0]) > idleSince(replies[$1]) }
        for index in busyLast where rooms[index] > 0 {
            guard let worker = replies[index].worker else { continue }
            let holder = TaskHolder(group: worker.key.group, workerID: worker.key.id)
            var claimed: [QueuedTask] = []
            var bytes = replies[index].tasks.map(\.payload.size).reduce(0, +)
            while claimed.count < rooms[index], bytes < StorePolicy.payloadPerAnswer,
                let task = try await turns.next(for: holder, until: now + lease, at: now)
            {
                claimed.append(task)
                bytes += task.payload.size
            }
            guard !claimed.isEmpty else { break }
            try await changeClaims(of: worker.key, by: claimed.count, at: now)
            capacity.add(CapacityTally(claimed: claimed.count), to: worker.account)
            try await remember(claimed, for: questions[index], at: now)
            replies[index].tasks += claimed
        }
        try await apply(capacity)
        try await turns.finish()
        return replies
    }

    /// What a worker holds and has lost, and how many more tasks it may get.
    private func standing(of question: ClaimQuestion) async throws -> (ClaimReply, room: Int) {
        var reply = ClaimReply(worker: try await worker(question.worker))
        guard let worker = reply.worker, worker.state != .stopped else {
            reply.lost = question.holding
            return (reply, 0)
        }
        let held = try await tasks(heldBy: question.worker)
        let heldRuns = Set(held.map(\.run))
        let named = Set(question.holding)
        reply.lost = question.holding.filter { !heldRuns.contains($0) }
        reply.tasks = within(StorePolicy.payloadPerAnswer, held.filter { !named.contains($0.run) })
        guard worker.takesWork else { return (reply, 0) }
        // A question that has been answered with tasks gets those again, and no others.
        if try await isAnswered(question) { return (reply, 0) }
        return (reply, max(0, question.tasks - reply.tasks.count))
    }

    /// The first of `tasks` whose payloads fit into `bytes`, at least one; the others are sent with the next
    /// question.
    private func within(_ bytes: Int, _ tasks: [QueuedTask]) -> [QueuedTask] {
        var left = bytes
        return Array(
            tasks.prefix { task in
                defer { left -= task.payload.size }
                return left > 0
            })
    }

    private func isAnswered(_ question: ClaimQuestion) async throws -> Bool {
        let key = question.worker
        let answered = try await row(
            """
            SELECT request_id FROM claim_requests WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3
            """, key.poolID, key.group, key.id)
        return try answered?.text("request_id") == question.requestID
    }

    private func remember(_ tasks: [QueuedTask], for question: ClaimQuestion, at now: Timestamp) async throws
    {
        let key = question.worker
        try await run(
            """
            INSERT INTO claim_requests (pool_id, worker_group, worker_id, request_id, runs, answered_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (pool_id, worker_group, worker_id) DO UPDATE SET request_id = excluded.request_id,
                runs = excluded.runs, answered_at = excluded.answered_at
            """, key.poolID, key.group, key.id, question.requestID, StoredJSON.text(tasks.map(\.run)), now
        )
    }

    private func idleSince(_ reply: ClaimReply) -> Timestamp {
        guard let worker = reply.worker else { return Timestamp(milliseconds: .min) }
        return worker.claimed > 0 ? Timestamp(milliseconds: .max) : worker.idleSince ?? worker.requestedAt
    }

    /// Counts claims that a worker got or that ended in its row; whoever calls counts them in its bucket.
    ///
    /// A worker that holds nothing any more may have been waiting for that to be ended: then somebody looks at it
    /// at once. Otherwise only its silence begins, and busy workers are between two tasks many times a second.
    func changeClaims(of worker: WorkerKey, by count: Int, at now: Timestamp) async throws {
        try await run(
            """
            UPDATE workers SET claimed = claimed + $4, idle_since = CASE WHEN claimed + $4 = 0 THEN $5 END,
                next_look_at = CASE
                    WHEN claimed + $4 > 0 OR stopped_at IS NOT NULL THEN next_look_at
                    WHEN drain IS NOT NULL OR state <> 'running' THEN $5
                    WHEN next_look_at < $6 THEN next_look_at ELSE $6 END
            WHERE pool_id = $1 AND worker_group = $2 AND id = $3
            """, worker.poolID, worker.group, worker.id, count, now, now + StorePolicy.lookAfterWork)
        if count < 0 { signal(.workers) }
        signal(.pool(worker.poolID))
    }
}

extension WriteTransaction {
    /// Forgets what a worker was last answered: it will not ask again.
    public func forgetClaimRequest(of worker: WorkerKey) async throws {
        try await run(
            "DELETE FROM claim_requests WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3",
            worker.poolID,
            worker.group, worker.id)
    }
}
