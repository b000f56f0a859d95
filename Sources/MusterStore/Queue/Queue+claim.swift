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
    /// Answers the questions of waiting workers of one pool together, at the pool's serialisation point, in a
    /// number of statements that does not depend on how many they are.
    ///
    /// Whose turn it is, is decided by `ClaimTurns`. Of the workers those that were busy last are served first,
    /// so that the others can drain.
    /// - Returns: the replies in the order of the questions.
    public func claim(
        _ questions: [ClaimQuestion], in pool: PoolID, lease: Duration, at now: Timestamp
    ) async throws -> [ClaimReply] {
        var standings = try await standings(of: questions)
        let busyLast = standings.indices.filter { standings[$0].room.tasks > 0 }.sorted {
            standings[$0].idleSince > standings[$1].idleSince
        }
        guard !busyLast.isEmpty else { return standings.map(\.reply) }

        var rounds = try await ClaimRounds(pool, until: now + lease, at: now, in: self)
        var waiting = busyLast
        repeat {
            let workers = waiting.compactMap { index in
                standings[index].reply.worker.map {
                    ClaimRounds.Waiting(
                        holder: TaskHolder(group: $0.key.group, workerID: $0.key.id),
                        room: standings[index].room)
                }
            }
            let claimed = try await rounds.next(for: workers)
            for (task, worker) in claimed { standings[waiting[worker]].take(task) }
            waiting.removeAll { standings[$0].isFull }
        } while rounds.asksAgain && !waiting.isEmpty
        try await rounds.finish()
        try await note(busyLast.map { (standings[$0], questions[$0]) })
        return standings.map(\.reply)
    }

    /// What workers hold and have lost, and how much more each may get.
    private func standings(of questions: [ClaimQuestion]) async throws -> [ClaimStanding] {
        let keys: [[any SQLConvertible]] = questions.map { question in
            [question.worker.poolID, question.worker.group, question.worker.id]
        }
        let workers = try await rows(
            "SELECT * FROM workers WHERE pool_id = $1 AND worker_group = $2 AND id = $3", forEach: keys)
        var standings: [ClaimStanding] = []
        for (question, rows) in zip(questions, workers) {
            standings.append(
                ClaimStanding(
                    of: try rows.first.map(Worker.init(row:)),
                    lastAnswered: try rows.first?.optionalText("claim_request"), question))
        }
        let holding = standings.indices.filter { standings[$0].holdsTasks }
        guard !holding.isEmpty else { return standings }
        let held = try await rows(
            """
            SELECT * FROM tasks WHERE pool_id = $1 AND worker_group = $2 AND worker_id = $3 AND state = 'running'
            ORDER BY sequence
            """, forEach: holding.map { keys[$0] })
        for (index, rows) in zip(holding, held) {
            standings[index].compare(try rows.map(QueuedTask.init(row:)), with: questions[index])
        }
        return standings
    }

    /// Counts what workers got in their rows and buckets, with the question that it answers.
    private func note(_ answered: [(standing: ClaimStanding, question: ClaimQuestion)]) async throws {
        var capacity = CapacityChange()
        var rows: [[any SQLConvertible]] = []
        for (standing, question) in answered where standing.claimed > 0 {
            guard let worker = standing.reply.worker else { continue }
            capacity.add(CapacityTally(claimed: standing.claimed), to: worker.account)
            rows.append([
                worker.key.poolID, worker.key.group, worker.key.id, standing.claimed, SQLValue.null,
                question.requestID,
            ])
            signal(.pool(worker.key.poolID))
        }
        guard !rows.isEmpty else { return }
        try await change(
            .update(
                "workers", where: ["pool_id", "worker_group", "id"],
                [.add("claimed"), .set("idle_since"), .set("claim_request")]), rows)
        try await apply(capacity)
    }

    /// Forgets what a worker was last answered: it will not ask again.
    public func forgetClaimRequest(of worker: WorkerKey) async throws {
        try await run(
            "UPDATE workers SET claim_request = NULL WHERE pool_id = $1 AND worker_group = $2 AND id = $3",
            worker.poolID, worker.group, worker.id)
    }
}

/// How a worker that asks stands: what it holds, and what it has room for.
private struct ClaimStanding {
    private(set) var reply: ClaimReply
    /// What it may get besides; nothing for one that gets no tasks.
    private(set) var room = ClaimTurns.Room(tasks: 0, bytes: 0)
    /// How many tasks it got.
    private(set) var claimed = 0

    init(of worker: Worker?, lastAnswered: String?, _ question: ClaimQuestion) {
        reply = ClaimReply(worker: worker)
        guard let worker, worker.state != .stopped else {
            reply.lost = question.holding
            return
        }
        reply.lost = question.holding
        // A question that has been answered with tasks gets those again, and no others.
        guard worker.takesWork, lastAnswered != question.requestID else { return }
        room = ClaimTurns.Room(tasks: question.tasks, bytes: StorePolicy.payloadPerAnswer)
    }

    /// Whether its tasks are to be looked for.
    var holdsTasks: Bool { reply.worker.map { $0.state != .stopped && $0.claimed > 0 } ?? false }

    /// Compares what it holds with what it says.
    mutating func compare(_ held: [QueuedTask], with question: ClaimQuestion) {
        let runs = Set(held.map(\.run))
        let named = Set(question.holding)
        reply.lost = question.holding.filter { !runs.contains($0) }
        // At least one; those that do not fit are sent with the next question.
        var left = StorePolicy.payloadPerAnswer
        for task in held where left > 0 && !named.contains(task.run) {
            left -= task.payload.size
            reply.tasks.append(task)
        }
        guard room.tasks > 0 else { return }
        room = ClaimTurns.Room(tasks: max(0, room.tasks - reply.tasks.count), bytes: left)
    }

    mutating func take(_ task: QueuedTask) {
        reply.tasks.append(task)
        claimed += 1
        room.tasks -= 1
        room.bytes -= task.payload.size
    }

    var isFull: Bool { room.tasks <= 0 || room.bytes <= 0 }

    var idleSince: Timestamp {
        guard let worker = reply.worker else { return Timestamp(milliseconds: .min) }
        return worker.claimed > 0 ? Timestamp(milliseconds: .max) : worker.idleSince ?? worker.requestedAt
    }
}
