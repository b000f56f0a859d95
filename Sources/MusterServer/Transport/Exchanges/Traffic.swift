import MusterRuntime

/// What a server has in hand: the open connections and the requests that handlers work on.
final class Traffic: Sendable {
    private struct State {
        var connections: [UInt64: ClientConnection] = [:]
        var exchanges: [UInt64: Exchange] = [:]
        var isDraining = false
        var idle: AsyncStream<Never>.Continuation?
        var lastKey: UInt64 = 0
    }

    private let state = Locked(State())

    /// A key that no connection or exchange of this server has had.
    func nextKey() -> UInt64 {
        state.withLock { state in
            state.lastKey += 1
            return state.lastKey
        }
    }

    /// Takes note of an open connection.
    func opened(_ connection: ClientConnection) {
        state.withLock { $0.connections[connection.key] = connection }
    }

    /// Forgets a connection.
    func closed(_ connection: ClientConnection) {
        state.withLock { $0.connections[connection.key] = nil }
    }

    /// Takes note of a request that a handler is about to get; false when the server is draining.
    func begin(_ exchange: Exchange) -> Bool {
        state.withLock { state in
            guard !state.isDraining else { return false }
            state.exchanges[exchange.key] = exchange
            return true
        }
    }

    /// Forgets a request, whose answer has been sent or cannot be.
    func end(_ exchange: Exchange) {
        state.withLock { state in
            state.exchanges[exchange.key] = nil
            if state.exchanges.isEmpty { state.idle?.finish() }
        }
    }

    /// From now on `begin` refuses.
    func startDraining() { state.withLock { $0.isDraining = true } }

    /// Whether the server is going away.
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// The requests in hand.
    var exchanges: [Exchange] { state.withLock { Array($0.exchanges.values) } }

    /// The open connections.
    var connections: [ClientConnection] { state.withLock { Array($0.connections.values) } }

    /// The request with this key, if it is still in hand.
    func exchange(_ key: UInt64) -> Exchange? { state.withLock { $0.exchanges[key] } }

    /// Waits until no request is in hand, for `limit` at most; says whether that came to pass.
    ///
    /// For one waiter at a time, after `startDraining()`.
    func drained(within limit: Duration) async -> Bool {
        let (idle, continuation) = AsyncStream.makeStream(of: Never.self)
        let isIdle = state.withLock { state in
            state.idle = continuation
            return state.exchanges.isEmpty
        }
        if isIdle { return true }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in idle {}
                return !Task.isCancelled
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
