import MusterRuntime

/// What callers ask of the loop.
enum LoopCommand: Sendable {
    /// Make this call.
    case start(Call)
    /// Nobody waits for this call any more.
    case abandon(Call)
}

/// Carries commands from any thread to the loop's, and wakes it once for each batch.
final class LoopMailbox: Sendable {
    private struct State {
        var commands: [LoopCommand] = []
        var isWakened = false
        var isStopping = false
        var multi: MultiHandle?
    }

    private let state: Locked<State>

    init(waking multi: MultiHandle) {
        state = Locked(State(multi: multi))
    }

    /// Whether the loop will see the command: after `stop` it will not, and the caller keeps the call.
    @discardableResult
    func post(_ command: LoopCommand) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.commands.append(command)
            Self.wake(&state)
            return true
        }
    }

    /// Has the loop end; asking again changes nothing.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            Self.wake(&state)
        }
    }

    /// What came since the last time, and whether it was the last.
    func drain() -> (commands: [LoopCommand], isStopping: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            state.isWakened = false
            return (state.commands, state.isStopping)
        }
    }

    /// After this nobody wakes the loop, so that its handle can be closed.
    func forgetLoop() {
        state.withLock { $0.multi = nil }
    }

    // Under the lock, so that it cannot meet a handle that is being closed; it writes a few bytes to a
    // socket that does not block.
    private static func wake(_ state: inout State) {
        guard !state.isWakened else { return }
        state.isWakened = true
        state.multi?.wake()
    }
}
