public import MusterCore
import MusterRuntime
import MusterStore

extension TaskDesk {
    /// Cancels tasks by their ids; how many were not over yet.
    ///
    /// A bounded number in each transaction, so that nobody else waits for long. If the process dies in between,
    /// a repeat cancels the rest.
    /// - Throws: `Problem` `task-not-found`, and then none is cancelled.
    public func cancel(_ ids: [TaskID], by actor: String) async throws -> Int {
        let pools = try await context.store.read { transaction in
            var pools: Set<PoolID> = []
            for id in ids {
                guard let task = try await transaction.task(id) else {
                    throw Problem(.taskNotFound, "there is no task \(id)", field: "taskIds")
                }
                pools.insert(task.poolID)
            }
            return pools
        }
        var cancelled = 0
        var rest = ids[...]
        while !rest.isEmpty {
            let batch = rest.prefix(context.policy.tasksPerCancellation)
            rest = rest.dropFirst(batch.count)
            let now = context.clock.now()
            cancelled += try await context.write(in: .pools(pools), reaching: .namedTasksCancelled) {
                transaction in
                let count = try await transaction.cancel(batch, at: now)
                try await transaction.auditCancellation(of: count, "tasks", tenant: nil, by: actor, at: now)
                return count
            }
        }
        return cancelled
    }

    /// Cancels the tasks of a pool, or those of one tenant in it, that have been submitted by now; a bounded
    /// number at once.
    ///
    /// - Parameter token: what the call before gave, when it left some.
    /// - Throws: `Problem` `pool-not-found`, `input-invalid` for a token that no call gave.
    /// - Returns: how many were cancelled, and a token for the rest if there may be some.
    public func cancelAll(
        of pool: PoolID, tenant: Tenant?, continuing token: String?, by actor: String
    ) async throws -> (cancelled: Int, token: String?) {
        var numbers = try await numbers(of: pool, continuing: token)
        var cancelled = 0
        while cancelled < context.policy.tasksPerCancellationCall {
            let now = context.clock.now()
            let (range, limit) = (numbers, context.policy.tasksPerCancellation)
            let (count, last) = try await context.write(in: .pool(pool), reaching: .allTasksCancelled) {
                transaction in
                let (count, last) = try await transaction.cancelTasks(
                    of: pool, tenant: tenant, in: range, limit: limit, at: now)
                try await transaction.auditCancellation(
                    of: count, "pool/\(pool)", tenant: tenant, by: actor, at: now)
                return (count, last)
            }
            cancelled += count
            guard let last, last < numbers.upperBound else { return (cancelled, nil) }
            numbers = last + 1...numbers.upperBound
        }
        return (cancelled, "\(numbers.lowerBound)-\(numbers.upperBound)")
    }

    private func numbers(of pool: PoolID, continuing token: String?) async throws -> ClosedRange<Int64> {
        guard let token else {
            return try await context.store.read { transaction in
                guard try await transaction.pool(pool) != nil else {
                    throw Problem(.poolNotFound, "there is no worker pool \(pool)", field: "workerPoolId")
                }
                return 0...(try await transaction.lastSequence(of: pool))
            }
        }
        let numbers = token.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == 2, let first = numbers[0], let last = numbers[1], 0 <= first, first <= last
        else {
            throw Problem(.inputInvalid, "is not one that an answer gave", field: "continuationToken")
        }
        return first...last
    }
}

extension WriteTransaction {
    fileprivate func auditCancellation(
        of count: Int, _ subject: String, tenant: Tenant?, by actor: String, at now: Timestamp
    ) async throws {
        guard count > 0 else { return }
        try await audit(
            actor: actor, action: "cancel", subject: subject,
            detail: .object([
                "tasks": .integer(count), "tenant": tenant.map { .string($0.rawValue) },
            ]), at: now)
    }
}
