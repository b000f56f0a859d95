import Glibc
import MusterRuntime

/// An open connection of a client.
final class ClientConnection: Sendable {
    /// Its key in `Traffic`.
    let key: UInt64
    /// Its socket, which is the library's and open until `closed()`.
    let descriptor: Int32
    /// Who is at the other end.
    let peer: Peer

    private struct State {
        var isOpen = true
        /// Since when the client has owed a whole request; nil while it waits for us.
        var owedSince: ContinuousClock.Instant?
    }

    private let state: Locked<State>

    init(key: UInt64, descriptor: Int32, peer: Peer) {
        self.key = key
        self.descriptor = descriptor
        self.peer = peer
        state = Locked(State(owedSince: .now))
    }

    /// The client has something to send from now on: a new request, or the rest of one that has begun.
    func awaitRequest() { state.withLock { $0.owedSince = .now } }

    /// The client has sent a whole request.
    func requestComplete() { state.withLock { $0.owedSince = nil } }

    /// The library is about to close the socket.
    func closed() { state.withLock { $0.isOpen = false } }

    /// Ends the connection when the client has owed a request since before `limit`. The library then
    /// finds it closed, as if the client had left.
    func cutIfOwing(since limit: ContinuousClock.Instant) {
        state.withLock { state in
            guard state.isOpen, let since = state.owedSince, since < limit else { return }
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }
}
