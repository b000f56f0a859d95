import MusterCore
import MusterRuntime

/// Writes in the order in which they came, scope by scope.
///
/// Those of one scope that wait while a commit is on its way share the next one.
final class PostgresLanes: Sendable {
    private struct State {
        /// What waits, by scope; a scope is here for as long as somebody works through it.
        var waiting: [WriteScope: [any PendingWrite]] = [:]
        var isClosed = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    private let pool: PostgresPool
    private let schema: String
    private let clock: (any WallClock)?
    private let committed: @Sendable (Set<StoreSignal>) -> Void
    private let state = Locked(State())

    /// - Parameter clock: instead of the server's; for tests.
    init(
        _ pool: PostgresPool, schema: String, clock: (any WallClock)?,
        committed: @escaping @Sendable (Set<StoreSignal>) -> Void
    ) {
        self.pool = pool
        self.schema = schema
        self.clock = clock
        self.committed = committed
    }

    /// Waits for a turn, runs `body` and waits until it is committed.
    func write<Result: Sendable>(
        in scope: WriteScope,
        _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let write = TypedWrite(body: body, continuation: continuation)
            let (isFirst, isClosed) = state.withLock { state in
                if state.isClosed { return (false, true) }
                let isFirst = state.waiting[scope] == nil
                state.waiting[scope, default: []].append(write)
                return (isFirst, false)
            }
            if isClosed {
                write.fail(Problem(.shuttingDown, "the store has been closed"))
            } else if isFirst {
                Task { await self.work(on: scope) }
            }
        }
    }

    /// Commits what waits, and takes nothing more.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if !state.waiting.isEmpty { state.idle.append(continuation) }
                return state.waiting.isEmpty
            }
            if isIdle { continuation.resume() }
        }
    }

    private func work(on scope: WriteScope) async {
        let locks = PostgresLocks(scope, in: schema)
        while hasMore(scope) {
            do {
                // A session for each commit: scopes that many write to leave room for the others.
                let session = try await pool.lease()
                let signals = await session.commit(take(scope), locks, clock: clock)
                pool.giveBack(session)
                if !signals.isEmpty { committed(signals) }
            } catch {
                for write in take(scope) { write.fail(error) }
            }
        }
    }

    /// Whether there is something to do for a scope; when not, nobody works on it any more.
    private func hasMore(_ scope: WriteScope) -> Bool {
        let idle = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
            guard state.waiting[scope]?.isEmpty ?? true else { return nil }
            state.waiting[scope] = nil
            guard state.waiting.isEmpty else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        guard let idle else { return true }
        for continuation in idle { continuation.resume() }
        return false
    }

    private func take(_ scope: WriteScope) -> [any PendingWrite] {
        state.withLock { state in
            let batch = Array((state.waiting[scope] ?? []).prefix(StorePolicy.writesPerCommit))
            state.waiting[scope]?.removeFirst(batch.count)
            return batch
        }
    }
}
