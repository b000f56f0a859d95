import MusterRuntime

/// Tells the one who waits that the loop is over.
final class LoopEnd: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Void, Never>)
        case over
    }

    private let state = Locked(State.running)

    /// The loop's last word.
    func signal() {
        let waiting: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .over }
            guard case .awaited(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume()
    }

    /// Returns once the loop is over. One caller only.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if case .over = state { return true }
                state = .awaited(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
