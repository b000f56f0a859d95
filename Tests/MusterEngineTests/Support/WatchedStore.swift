import MusterRuntime
import MusterStore

/// A store that counts the writes that go through it, and holds them or lets them fail when a test says so.
final class WatchedStore: Store {
    private struct State {
        var begun = 0
        var ended = 0
        var isHeld = false
        var writesBeforeHold = 0
        var held: [CheckedContinuation<Void, Never>] = []
        var failure: (any Error)?
        var writesBeforeFailure = 0
        var watchers: [(test: @Sendable (Int, Int) -> Bool, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let store: any Store
    private let state = Locked(State())

    init(_ store: any Store) { self.store = store }

    /// How many writes have begun.
    var writes: Int { state.withLock { $0.begun } }

    /// Lets no write through until `letGo`, after `count` that it lets through: the process halts there.
    func hold(after count: Int = 0) {
        state.withLock { ($0.isHeld, $0.writesBeforeHold) = (true, count) }
    }

    /// Lets the held writes and all later ones through.
    func letGo() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Lets writes fail with `error` from now on, after `count` that succeed; nil lets all succeed again.
    func fail(_ error: (any Error)?, after count: Int = 0) {
        state.withLock { ($0.failure, $0.writesBeforeFailure) = (error, count) }
    }

    /// Waits until so many writes have begun, held ones included.
    func begun(_ count: Int) async { await until { begun, _ in begun >= count } }

    /// Waits until so many writes have come to their end.
    func ended(_ count: Int) async { await until { _, ended in ended >= count } }

    func write<Result: Sendable>(
        in scope: WriteScope, _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result {
        change { $0.begun += 1 }
        defer { change { $0.ended += 1 } }
        await withCheckedContinuation { continuation in
            let passes = state.withLock { state in
                if state.isHeld, state.writesBeforeHold > 0 {
                    state.writesBeforeHold -= 1
                    return true
                }
                if state.isHeld { state.held.append(continuation) }
                return !state.isHeld
            }
            if passes { continuation.resume() }
        }
        let failure = state.withLock { state -> (any Error)? in
            guard state.failure != nil, state.writesBeforeFailure > 0 else { return state.failure }
            state.writesBeforeFailure -= 1
            return nil
        }
        if let failure { throw failure }
        return try await store.write(in: scope, body)
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        try await store.read(body)
    }

    func readOutbox<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result {
        try await store.readOutbox(body)
    }

    func signals() -> AsyncStream<Set<StoreSignal>> { store.signals() }

    var upkeep: any StoreUpkeep { store.upkeep }

    func close() async { await store.close() }

    private func change(_ change: (inout State) -> Void) {
        let heard = state.withLock { state in
            change(&state)
            let (begun, ended) = (state.begun, state.ended)
            let heard = state.watchers.filter { $0.test(begun, ended) }.map(\.wake)
            state.watchers.removeAll { $0.test(begun, ended) }
            return heard
        }
        for watcher in heard { watcher.resume() }
    }

    private func until(_ test: @escaping @Sendable (Int, Int) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if test(state.begun, state.ended) { return true }
                state.watchers.append((test, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
