import MusterCore
import MusterRuntime

/// Sessions that are leased one user at a time; those who find none wait in order.
final class PostgresPool: Sendable {
    private struct State {
        var idle: [PostgresSession] = []
        var made: [PostgresSession] = []
        var waiting: [CheckedContinuation<PostgresSession?, Never>] = []
        var isClosed = false
    }

    private let size: Int
    private let connector: PostgresConnector
    private let label: String
    private let state = Locked(State())

    init(_ connector: PostgresConnector, size: Int, label: String) {
        self.connector = connector
        self.size = size
        self.label = label
    }

    /// A session for the caller alone, who must give it back.
    ///
    /// - Throws: `Problem` `shutting-down` once the pool is closed.
    func lease() async throws(Problem) -> PostgresSession {
        let session = await withCheckedContinuation { continuation in
            let (session, isClosed) = state.withLock { state -> (PostgresSession?, Bool) in
                if state.isClosed { return (nil, true) }
                // The one used last: those that are not needed stay unconnected.
                if let session = state.idle.popLast() { return (session, false) }
                guard state.made.count < size else {
                    state.waiting.append(continuation)
                    return (nil, false)
                }
                let session = PostgresSession(connector, label: "\(label).\(state.made.count)")
                state.made.append(session)
                return (session, false)
            }
            if session != nil || isClosed { continuation.resume(returning: session) }
        }
        guard let session else { throw Problem(.shuttingDown, "the store has been closed") }
        return session
    }

    func giveBack(_ session: PostgresSession) {
        let next = state.withLock { state -> CheckedContinuation<PostgresSession?, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.idle.append(session)
            return nil
        }
        next?.resume(returning: session)
    }

    /// Lets nobody wait any more, and closes every connection once its user is done.
    func close() async {
        let (waiting, made) = state.withLock { state in
            state.isClosed = true
            defer { (state.waiting, state.made) = ([], []) }
            return (state.waiting, state.made)
        }
        for continuation in waiting { continuation.resume(returning: nil) }
        for session in made { await session.close() }
    }
}
