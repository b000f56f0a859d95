import MusterCore
import MusterRuntime

/// The line before one kind's bucket: lets callers through in order, when there are tokens for them.
///
/// A caller that is cancelled, or cannot come in time any more, leaves the line at once, and those behind it move
/// up. While anybody waits, one timer sleeps until the next turn.
final class CallGate: Sendable {
    enum Admission: Hashable, Sendable {
        case admitted
        case cancelled
        /// The turn would come after this time, which is past the deadline.
        case tooLate(Duration)
    }

    private struct State {
        var line: CallLine
        /// Of callers and timers.
        var lastID = 0
        var waiting: [Int: CheckedContinuation<Admission, Never>] = [:]
        /// Cancelled before they stood in line.
        var cancelled: Set<Int> = []
        var timer: Timer?
        /// When the bucket was paused the last time: refusals of calls that were sent before tell nothing new.
        var refusedAt: Duration?
        /// Refusals in a row.
        var refusals = 0
    }

    private struct Timer {
        let id: Int
        let due: Duration
        let task: Task<Void, Never>
    }

    private let clock: any WallClock
    private let state: Locked<State>

    init(_ rate: CallRate?, clock: any WallClock) {
        self.clock = clock
        state = Locked(State(line: CallLine(TokenBucket(rate, at: clock.uptime()))))
    }

    deinit { state.withLock { $0.timer?.task.cancel() } }

    /// Waits for tokens for `cost`, but not past `deadline` (an uptime).
    func enter(_ cost: Double, until deadline: Duration) async -> Admission {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let entry = CallLine.Entry(id: id, cost: cost, deadline: deadline)
        let admission = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let admission = stand(entry, continuation) { continuation.resume(returning: admission) }
            }
        } onCancel: {
            leave(id)
        }
        // A cancellation that came too late to be heard.
        state.withLock { state in _ = state.cancelled.remove(id) }
        return admission
    }

    /// Sets the rate that holds from now on.
    func set(_ rate: CallRate?) {
        let now = clock.uptime()
        move { state in state.line.change { $0.set(rate, at: now) } }
    }

    /// Notes an answer that was no refusal.
    func succeed() {
        let now = clock.uptime()
        move { state in
            state.refusals = 0
            guard state.line.bucket.pace < 1 else { return }
            state.line.change { $0.speedUp(at: now) }
        }
    }

    /// Notes that a call that was sent at `sentAt` was refused for there being too many.
    ///
    /// - Parameter pause: how long to send nothing, given how many refusals in a row there have been.
    func refuse(sentAt: Duration, pause: (_ refusals: Int) -> Duration) {
        let now = clock.uptime()
        move { state in
            if state.refusedAt.map({ sentAt > $0 }) ?? true {
                state.refusedAt = now
                state.refusals += 1
                state.line.change { $0.slowDown(at: now) }
            }
            let time = min(pause(state.refusals), HTTPPolicy.longestPause)
            state.line.change { $0.pause(for: time, at: now) }
        }
    }

    /// What figures tell of it.
    func look() -> (waiting: Int, tokens: Double?, pace: Double, pause: Duration) {
        let now = clock.uptime()
        return state.withLock { state in
            var bucket = state.line.bucket
            return (
                state.waiting.count, bucket.tokens(at: now), bucket.pace,
                max(bucket.pausedUntil - now, .zero)
            )
        }
    }

    /// Takes a place; what is returned is for the caller to hand on.
    private func stand(
        _ entry: CallLine.Entry, _ continuation: CheckedContinuation<Admission, Never>
    ) -> Admission? {
        let now = clock.uptime()
        return state.withLock { state in
            if state.cancelled.contains(entry.id) { return .cancelled }
            switch state.line.enter(entry, at: now) {
            case .admitted: return .admitted
            case .tooLate(let wait): return .tooLate(wait)
            case .waits:
                state.waiting[entry.id] = continuation
                if state.waiting.count == 1 { arrange(&state, state.line.nextTurn(at: now), at: now) }
                return nil
            }
        }
    }

    private func leave(_ id: Int) {
        var leaving: CheckedContinuation<Admission, Never>?
        move { state in
            leaving = state.waiting.removeValue(forKey: id)
            if leaving == nil { state.cancelled.insert(id) } else { state.line.leave(id) }
        }
        leaving?.resume(returning: .cancelled)
    }

    /// Changes something, and then lets through or sends away whom that concerns.
    private func move(_ change: (inout State) -> Void) {
        let now = clock.uptime()
        let moved = state.withLock { state in
            change(&state)
            let admitted = state.line.admit(at: now)
            let late = state.line.dismissLate(at: now)
            arrange(&state, state.line.nextTurn(at: now), at: now)
            let answers = admitted.map { ($0, Admission.admitted) } + late.map { ($0.id, .tooLate($0.wait)) }
            return answers.compactMap { id, answer in
                state.waiting.removeValue(forKey: id).map { ($0, answer) }
            }
        }
        for (continuation, answer) in moved { continuation.resume(returning: answer) }
    }

    /// Has the timer ring when the next turn comes. One that rings before finds nothing to do, and sets the next.
    private func arrange(_ state: inout State, _ wait: Duration?, at now: Duration) {
        guard let wait else {
            state.timer?.task.cancel()
            state.timer = nil
            return
        }
        if let timer = state.timer, timer.due <= now + wait { return }
        state.timer?.task.cancel()
        state.lastID += 1
        let id = state.lastID
        let task = Task { [clock, weak self] in
            guard (try? await clock.sleep(for: wait)) != nil else { return }
            self?.ring(id)
        }
        state.timer = Timer(id: id, due: now + wait, task: task)
    }

    private func ring(_ id: Int) {
        move { state in
            if state.timer?.id == id { state.timer = nil }
        }
    }
}
