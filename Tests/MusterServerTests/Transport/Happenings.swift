import MusterRuntime

/// Values that happen somewhere and are waited for elsewhere, in order, by one waiter at a time.
final class Happenings<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiting: CheckedContinuation<Value, any Error>?
    }

    private let state = Locked(State())

    /// Lets `value` happen.
    func happen(_ value: Value) {
        let waiter: CheckedContinuation<Value, any Error>? = state.withLock { state in
            if state.waiting == nil { state.values.append(value) }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiter?.resume(returning: value)
    }

    /// The next value; throws when the test has run out of time.
    @discardableResult
    func next() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let value: Value? = state.withLock { state in
                    guard state.values.isEmpty else { return state.values.removeFirst() }
                    state.waiting = continuation
                    return nil
                }
                if let value { continuation.resume(returning: value) }
                if Task.isCancelled { giveUp() }
            }
        } onCancel: {
            giveUp()
        }
    }

    /// Those that have happened and were not waited for.
    var left: [Value] { state.withLock { $0.values } }

    private func giveUp() {
        let waiter: CheckedContinuation<Value, any Error>? = state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
        waiter?.resume(throwing: CancellationError())
    }
}

/// A gate that handlers wait at, deaf to cancellation, until it is opened for good.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    /// Lets everybody through from now on.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    /// Waits for the gate to be open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Waits until the task is cancelled.
func untilCancelled() async {
    let (stream, _) = AsyncStream.makeStream(of: Never.self)
    for await _ in stream {}
}
