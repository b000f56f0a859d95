import MusterRuntime

/// Hands signals to every listener; those that a slow listener has not taken yet are merged.
final class SignalBroadcast: Sendable {
    private let listeners = Locked<[Int: Listener]>([:])
    private let nextID = Locked(0)

    /// Signals from now on.
    func stream() -> AsyncStream<Set<StoreSignal>> {
        let id = nextID.withLock { id in
            id += 1
            return id
        }
        let listener = Listener()
        listeners.withLock { $0[id] = listener }
        return AsyncStream {
            await listener.next()
        } onCancel: {
            self.listeners.withLock { $0[id] = nil }
            listener.finish()
        }
    }

    func send(_ signals: Set<StoreSignal>) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.add(signals) }
    }

    func finish() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.finish() }
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
