/// Runs things for a bounded time.
public enum Deadline {
    /// What `operation` gives, or `late()` when it takes longer than `bound`.
    ///
    /// The operation is cancelled then, and not waited for: it may go on for as long as it ignores that.
    ///
    /// - Parameter isPatient: whether the bound begins anew as long as there was a step (`Progress`) within it.
    public static func run<Result: Sendable>(
        within bound: Duration, clock: any WallClock, isPatient: Bool = false,
        _ operation: @escaping @Sendable () async -> Result, late: @escaping @Sendable () -> Result
    ) async -> Result {
        let answer = FirstAnswer<Result>()
        let progress = isPatient ? Progress() : Progress.current
        let work = Progress.$current.withValue(progress) { Task { answer.give(await operation()) } }
        let timer = Task {
            var seen: Int
            repeat {
                seen = progress?.steps ?? 0
                try? await clock.sleep(for: bound)
            } while isPatient && !Task.isCancelled && progress?.steps != seen
            answer.give(late())
        }
        let result = await withTaskCancellationHandler {
            await answer.wait()
        } onCancel: {
            work.cancel()
            timer.cancel()
        }
        work.cancel()
        timer.cancel()
        return result
    }
}

/// The first of several answers; the others are dropped.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var isGiven = false
        var waiting: CheckedContinuation<Value, Never>?
    }

    private let state = Locked(State())

    func give(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            guard !state.isGiven else { return nil }
            state.isGiven = true
            state.value = value
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: value)
    }

    func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiting = continuation }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
