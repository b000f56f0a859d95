import MusterCore
import MusterRuntime
public import MusterStore

/// Serves workers that ask for tasks: those of one pool together, in one transaction, and those for whom
/// there is nothing yet as soon as there is.
public actor QueueService {
    private let context: EngineContext
    private let contacts: ContactBook
    private var waiting: [PoolID: [Waiter]] = [:]
    private var serving: Set<PoolID> = []
    private var dirty: Set<PoolID> = []
    private var nextWaiter: UInt64 = 0
    private var isClosed = false

    private struct Waiter {
        let id: UInt64
        let question: ClaimQuestion
        /// Whether it has been asked for at least once: then only a signal makes it worth asking again.
        var isNew = true
        let continuation: CheckedContinuation<ClaimReply, any Error>
    }

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
        release(of: question.worker, in: pool)
        let bound = max(.zero, min(wait, context.policy.longestWait))
        let clock = context.clock
        let timer = Task {
            try await clock.sleep(for: bound)
            self.release(id, in: pool)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiting[pool, default: []].append(
                    Waiter(id: id, question: question, continuation: continuation))
                serve(pool)
            }
        } onCancel: {
            Task { await self.cancel(id, in: pool) }
        }
    }

    /// A task of the pool can be claimed.
    func wake(_ pool: PoolID) {
        guard waiting[pool]?.isEmpty == false else { return }
        dirty.insert(pool)
        serve(pool)
    }

    /// Lets everybody go, with nothing.
    func close() {
        isClosed = true
        for (_, waiters) in waiting {
            for waiter in waiters { waiter.continuation.resume(returning: ClaimReply()) }
        }
        waiting = [:]
    }

    private func serve(_ pool: PoolID) {
        guard serving.insert(pool).inserted else { return }
        Task {
            while let batch = await self.batch(for: pool) { await self.serve(batch, in: pool) }
        }
    }

    /// Those that are worth asking for: new ones, and after a signal as many of the others as there are tasks.
    private func batch(for pool: PoolID) async -> [Waiter]? {
        let isDirty = dirty.remove(pool) != nil
        let waiters = waiting[pool] ?? []
        var batch = waiters.filter(\.isNew)
        if isDirty {
            let pending =
                (try? await context.store.read { try await $0.pendingTasks(of: pool) }) ?? waiters.count
            // The latest to wait were busy last.
            batch += waiters.filter { !$0.isNew }.suffix(
                max(0, pending - batch.map(\.question.tasks).reduce(0, +)))
        }
        guard !batch.isEmpty else {
            // Somebody may have come while the store was read.
            if waiting[pool]?.contains(where: \.isNew) == true || dirty.contains(pool) { return [] }
            serving.remove(pool)
            return nil
        }
        return batch
    }

    private func serve(_ batch: [Waiter], in pool: PoolID) async {
        guard !batch.isEmpty else { return }
        let questions = batch.map(\.question)
        let now = context.clock.now()
        do {
            let replies = try await context.store.write { transaction in
                let lease = try await transaction.lifecycle(of: pool).claimTimeout
                return try await transaction.claim(questions, in: pool, lease: lease, at: now)
            }
            for (waiter, reply) in zip(batch, replies) { settle(waiter, reply, in: pool) }
        } catch {
            for waiter in batch { remove(waiter.id, in: pool)?.continuation.resume(throwing: error) }
        }
    }

    private func settle(_ waiter: Waiter, _ reply: ClaimReply, in pool: PoolID) {
        let isAnswer = !reply.tasks.isEmpty || !reply.lost.isEmpty || reply.worker?.takesWork != true
        if isAnswer {
            // One that left meanwhile is asked about its runs when it comes back.
            remove(waiter.id, in: pool)?.continuation.resume(returning: reply)
        } else if let index = waiting[pool]?.firstIndex(where: { $0.id == waiter.id }) {
            waiting[pool]?[index].isNew = false
        }
    }

    private func release(_ id: UInt64, in pool: PoolID) {
        remove(id, in: pool)?.continuation.resume(returning: ClaimReply())
    }

    private func release(of worker: WorkerKey, in pool: PoolID) {
        for waiter in waiting[pool] ?? [] where waiter.question.worker == worker {
            release(waiter.id, in: pool)
        }
    }

    private func cancel(_ id: UInt64, in pool: PoolID) {
        remove(id, in: pool)?.continuation.resume(throwing: CancellationError())
    }

    private func remove(_ id: UInt64, in pool: PoolID) -> Waiter? {
        guard let index = waiting[pool]?.firstIndex(where: { $0.id == id }) else { return nil }
        return waiting[pool]?.remove(at: index)
    }
}
