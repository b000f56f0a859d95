import MusterCore
import MusterRuntime

/// A value that is fetched when it is first needed and again before it expires: credentials, tokens, keys.
///
/// One fetch at a time, whoever asks meanwhile waits for it. While the value still holds, nobody waits: it is
/// given out and the next one is fetched beside it. A fetch that fails is not repeated before its time; a value
/// that still holds goes on being given out.
final class ExpiringValue<Value: Sendable>: Sendable {
    /// Gives a value and the moment from which it is worthless; nil when it never is.
    typealias Fetch = @Sendable () async throws(Problem) -> (Value, expiresAt: Timestamp?)

    private struct Held {
        var value: Value
        var expiresAt: Timestamp
        var refreshAt: Timestamp
    }

    private struct State {
        var held: Held?
        var isFetching = false
        var failure: Problem?
        var failuresInARow = 0
        /// By the clock that nobody sets.
        var quietUntil: Duration?
        var fetchedAt: Duration?
        var tickets = 0
        var waiting: [Int: CheckedContinuation<Result<Value, Problem>?, Never>] = [:]
    }

    private enum Step {
        case value(Value)
        case failed(Problem)
        case wait
    }

    private let clock: any WallClock
    private let refreshBefore: Duration
    private let fetch: Fetch
    private let state = Locked(State())

    /// Makes a value that nobody has fetched yet.
    ///
    /// - Parameter refreshBefore: how long before its end a value is fetched anew; of one that lives for less
    ///   than twice as long, half its life.
    init(clock: any WallClock, refreshBefore: Duration, fetch: @escaping Fetch) {
        self.clock = clock
        self.refreshBefore = refreshBefore
        self.fetch = fetch
    }

    /// The value.
    ///
    /// - Throws: what the fetch threw, also to those who ask before it is tried again; `cancelled` when the
    ///   caller's task is cancelled, whereupon the fetch goes on for the others.
    func current() async throws(Problem) -> Value {
        while true {
            let ticket: Int
            switch step() {
            case (.value(let value), _): return value
            case (.failed(let problem), _): throw problem
            case (.wait, let given): ticket = given
            }
            if let result = await answer(to: ticket) { return try result.get() }
        }
    }

    /// What the fetch gave that is being waited for; nil when it has ended meanwhile and what it gave is not there
    /// any more.
    private func answer(to ticket: Int) async -> Result<Value, Problem>? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isKnown, known): (Bool, Result<Value, Problem>?) = state.withLock { state in
                    if Task.isCancelled { return (true, .failure(Self.cancelled)) }
                    // The fetch may have ended between the step and now.
                    guard !state.isFetching else {
                        state.waiting[ticket] = continuation
                        return (false, nil)
                    }
                    return (true, state.failure.map { .failure($0) } ?? state.held.map { .success($0.value) })
                }
                if isKnown { continuation.resume(returning: known) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: ticket) }
            waiter?.resume(returning: .failure(Self.cancelled))
        }
    }

    /// Says that the value was refused where it was shown: the next who asks waits for another one. A value
    /// that has only just been fetched stays, since another fetch would give the same.
    func invalidate() {
        let now = clock.uptime()
        state.withLock { state in
            guard let fetchedAt = state.fetchedAt, now - fetchedAt >= CloudPolicy.youngestRefusedCredentials
            else { return }
            state.held = nil
        }
    }

    private static var cancelled: Problem { Problem(.cancelled, "the caller was cancelled") }

    /// What the caller does, and its ticket when it waits; begins a fetch when one is due.
    private func step() -> (Step, Int) {
        let (now, uptime) = (clock.now(), clock.uptime())
        let (step, ticket, begins) = state.withLock { state -> (Step, Int, Bool) in
            state.tickets += 1
            let held = state.held.flatMap { $0.expiresAt > now ? $0 : nil }
            if let held, held.refreshAt > now { return (.value(held.value), state.tickets, false) }
            let isQuiet = state.quietUntil.map { $0 > uptime } ?? false
            let begins = !state.isFetching && !isQuiet
            if begins { state.isFetching = true }
            if let held { return (.value(held.value), state.tickets, begins) }
            if isQuiet, !state.isFetching, let failure = state.failure {
                return (.failed(failure), state.tickets, false)
            }
            return (.wait, state.tickets, begins)
        }
        // A task of its own: the caller's end must not be the fetch's.
        if begins { Task { await refresh() } }
        return (step, ticket)
    }

    private func refresh() async {
        let result: Result<(Value, expiresAt: Timestamp?), Problem>
        do throws(Problem) {
            result = .success(try await fetch())
        } catch {
            result = .failure(error)
        }
        let (now, uptime) = (clock.now(), clock.uptime())
        let waiting = state.withLock { state in
            state.isFetching = false
            switch result {
            case .success(let (value, expiresAt)):
                let end = expiresAt ?? Timestamp(milliseconds: .max)
                let life = max(end - now, .zero)
                state.held = Held(
                    value: value, expiresAt: end, refreshAt: now + max(life - refreshBefore, life / 2))
                (state.failure, state.failuresInARow, state.quietUntil) = (nil, 0, nil)
                state.fetchedAt = uptime
            case .failure(let problem):
                state.failure = problem
                state.failuresInARow += 1
                state.quietUntil = uptime + CloudPolicy.credentialsPause(after: state.failuresInARow)
            }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiting { waiter.resume(returning: result.map { $0.0 }) }
    }
}
