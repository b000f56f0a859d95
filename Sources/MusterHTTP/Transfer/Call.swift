import MusterCore
import MusterRuntime

/// One call from `send` to its outcome, which it gets exactly once: from the loop, from a cancellation at
/// any moment, or from a client that is shut down, whoever comes first.
///
///     new ── wait ──▶ awaited ── settle ──▶ settled
///      └── settle ──▶ decided ── wait ────────▲
final class Call: Sendable {
    typealias Outcome = Result<HTTPResponse, Problem>

    private enum State {
        case new
        /// Settled before anybody waited.
        case decided(Outcome)
        case awaited(CheckedContinuation<Outcome, Never>)
        case settled
    }

    let request: HTTPRequest
    let target: HTTPTarget
    /// Monotonic: a clock that is set must not end a call or keep it alive.
    let deadline: ContinuousClock.Instant
    private let state = Locked(State.new)

    /// Throws `.inputInvalid` for a request that cannot be sent as it is.
    init(_ request: HTTPRequest) throws(Problem) {
        self.request = request
        target = try request.validatedTarget()
        deadline = .now + request.timeout
    }

    /// Whether the call is still to be made; when it is not, the continuation has its outcome.
    func wait(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
        let decided: Outcome? = state.withLock { state in
            guard case .decided(let outcome) = state else {
                state = .awaited(continuation)
                return nil
            }
            state = .settled
            return outcome
        }
        guard let decided else { return true }
        continuation.resume(returning: decided)
        return false
    }

    /// Gives the call its outcome. Returns whether somebody was waiting; if not, this was too late or early.
    @discardableResult
    func settle(_ outcome: Outcome) -> Bool {
        let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .new:
                state = .decided(outcome)
                return nil
            case .awaited(let continuation):
                state = .settled
                return continuation
            case .decided, .settled:
                return nil
            }
        }
        waiting?.resume(returning: outcome)
        return waiting != nil
    }

    /// Whether the outcome is there.
    var isSettled: Bool {
        state.withLock { state in
            switch state {
            case .new, .awaited: false
            case .decided, .settled: true
            }
        }
    }
}
