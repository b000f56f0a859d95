import MusterRuntime

/// Hands signals to every listener; those that a slow listener has not taken yet are merged.
final class SignalBroadcast: Sendable {
    private struct State {
        var listeners: [Int: Listener] = [:]
        var lastID = 0
        var isFinished = false
    }

    private let state = Locked(State())

    /// Signals from now on; ends at once after `finish`.
    func stream() -> AsyncStream<Set<StoreSignal>> {
        let listener = Listener()
        let (id, isFinished) = state.withLock { state in
            state.lastID += 1
            if !state.isFinished { state.listeners[state.lastID] = listener }
            return (state.lastID, state.isFinished)
        }
        if isFinished { listener.finish() }
        return AsyncStream {
            await listener.next()
        } onCancel: {
            self.state.withLock { $0.listeners[id] = nil }
            listener.finish()
        }
    }

    func send(_ signals: Set<StoreSignal>) {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.add(signals) }
    }

    func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }

    private final class Listener: Sendable {
        private struct State {
            var pending: Set<StoreSignal> = []
            var waiting: CheckedContinuation<Set<StoreSignal>?, Never>?
            var isFinished = false
        }

        private let state = Locked(State())

        func add(_ signals: Set<StoreSignal>) {
            let waiting = state.withLock { state -> CheckedContinuation<Set<StoreSignal>?, Never>? in
                guard let waiting = state.waiting else {
                    state.pending.formUnion(signals)
                    return nil
                }
                state.waiting = nil
                return waiting
            }
            waiting?.resume(returning: signals)
        }

        func next() async -> Set<StoreSignal>? {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> Set<StoreSignal>?? in
                    if !state.pending.isEmpty {
                        defer { state.pending = [] }
                        return .some(state.pending)
                    }
                    if state.isFinished { return .some(nil) }
                    state.waiting = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        }

        func finish() {
            let waiting = state.withLock { state in
                state.isFinished = true
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume(returning: nil)
        }
    }
}
