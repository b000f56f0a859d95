import MusterCore
import MusterRuntime
public import MusterStore

/// Serves workers that ask for tasks: those of one pool together, in one transaction, and those for whom
/// there is nothing yet as soon as there is.
public actor QueueService {
    private let context: EngineContext
    private let contacts: ContactBook
    private var lines: [PoolID: WaitingLine] = [:]
    private var nextWaiter: UInt64 = 0
    private var isClosed = false

    init(_ context: EngineContext, contacts: ContactBook) {
        self.context = context
        self.contacts = contacts
    }

    /// Claims tasks for a worker, waiting for them for up to `wait`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, `Problem` `shutting-down`.
    public func claim(_ question: ClaimQuestion, wait: Duration) async throws -> ClaimReply {
        guard !isClosed else { throw Problem(.shuttingDown, "the service is shutting down: ask again soon") }
        contacts.note(question.worker)
        nextWaiter += 1
        let id = nextWaiter
        let pool = question.worker.poolID
        var question = question
        question.tasks = max(0, min(question.tasks, context.policy.tasksPerClaim))
        // Whoever asks again has given up the first question.
        release(in: pool) { $0.question.worker == question.worker }
        let bound = max(.zero, min(wait, context.policy.longestWait))
        let clock = context.clock
        let timer = Task {
            try await clock.sleep(for: bound)
            self.timeOut(id, in: pool)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                lines[pool, default: WaitingLine()].add(id, question, continuation)
                serve(pool)
            }
        } onCancel: {
            Task { await self.cancel(id, in: pool) }
        }
    }

    /// A task of the pool can be claimed.
    func wake(_ pool: PoolID) {
        guard lines[pool] != nil else { return }
        lines[pool]?.signal()
        serve(pool)
    }

    /// Tasks of any pool may be claimable.
    func wakeAll() {
        for pool in lines.keys { wake(pool) }
    }

    /// Lets everybody go, with nothing but what is being claimed for them.
    func close() {
        isClosed = true
        for pool in lines.keys { release(in: pool) { _ in true } }
    }

    private func serve(_ pool: PoolID) {
        guard lines[pool]?.isServed == false else { return }
        lines[pool]?.isServed = true
        Task {
            while let batch = await self.batch(for: pool) { await self.serve(batch, in: pool) }
        }
    }

    /// Those to ask for next; nil when there is nobody, and then nobody is at work for the pool any more.
    private func batch(for pool: PoolID) async -> [WaitingLine.Waiter]? {
        while let line = lines[pool], line.needsService {
            let now = context.clock.now()
            // A store that cannot be read says nothing of what waits: the transaction will.
            let pending =
                line.hasDue
                ? (try? await context.store.read { try await $0.waitingTasks(of: pool, at: now).startable })
                    ?? .max : nil
            if let batch = lines[pool]?.takeBatch(pending: pending, signalsSeen: line.signalsSeen),
                !batch.isEmpty
            {
                return batch
            }
        }
        if lines[pool]?.waiters.isEmpty == true { lines[pool] = nil }
        lines[pool]?.isServed = false
        return nil
    }

    private func serve(_ batch: [WaitingLine.Waiter], in pool: PoolID) async {
        let questions = batch.map(\.question)
        let now = context.clock.now()
        do {
            let replies = try await context.write(
                in: .pool(pool), reaching: { $0.contains { !$0.tasks.isEmpty } ? .tasksClaimed : nil }
            ) { transaction in
                let lease = try await transaction.lifecycle(of: pool).claimTimeout
                return try await transaction.claim(questions, in: pool, lease: lease, at: now)
            }
            for (waiter, reply) in zip(batch, replies) {
                let isAnswer =
                    !reply.tasks.isEmpty || !reply.lost.isEmpty || reply.worker?.takesWork != true
                // One that left meanwhile is asked about its runs when it comes back.
                lines[pool]?.settle(waiter.id, isAnswer: isAnswer)?.continuation.resume(returning: reply)
            }
        } catch {
            for waiter in batch { lines[pool]?.remove(waiter.id)?.continuation.resume(throwing: error) }
        }
    }

    private func timeOut(_ id: UInt64, in pool: PoolID) {
        lines[pool]?.timeOut(id)?.continuation.resume(returning: ClaimReply())
    }

    private func release(in pool: PoolID, where fits: (WaitingLine.Waiter) -> Bool) {
        for waiter in lines[pool]?.release(where: fits) ?? [] {
            waiter.continuation.resume(returning: ClaimReply())
        }
    }

    private func cancel(_ id: UInt64, in pool: PoolID) {
        lines[pool]?.remove(id)?.continuation.resume(throwing: CancellationError())
    }
}
