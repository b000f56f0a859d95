import MusterAPI
import MusterCore

/// The life of one run on this worker, without its effects.
///
///     claimed ──start──▶ running ──ended──▶ finishing ──accepted──▶ reported or given back
///        │                  │                   │
///        │        time limit, claim lost,       └──refused, no answer──▶ lost
///        │          give back │
///        │                    ▼
///        └──claim lost,──▶ ending ──ended──▶ finishing, or lost when the claim is
///           give back
///
/// `claimed`, `running` and `ending` hold the claim and have nothing to say yet. In `ending` the command was
/// told to end (or is not to begin) and the cause is known; losing the claim replaces any other cause, since
/// nobody wants to hear of the run then. In `finishing` the command is gone and the report is on its way:
/// from here the answer to the report alone decides. The last three are final.
/// An event that does not fit the state changes nothing.
struct TaskRun: Hashable, Sendable {
    /// Why a command is ended before its time.
    enum Cause: Hashable, Sendable {
        case timeLimit
        case claimLost
        case givenBack
    }

    enum State: Hashable, Sendable {
        case claimed
        case running
        case ending(Cause)
        case finishing(Ending)
        case reported
        case givenBack
        case lost
    }

    /// What a report says, the output aside.
    struct Ending: Hashable, Sendable {
        var resolution: Resolution
        var reason: RunReason
        var exitCode: Int?
        /// Why there is no output.
        var message: String?
    }

    /// What is to be done with the command.
    enum CommandAction: Hashable, Sendable {
        case nothing
        case end
    }

    /// What comes next for the run.
    enum Step: Hashable, Sendable {
        case run
        case report(Ending)
        case forget
    }

    private(set) var state = State.claimed

    /// All is ready for the command.
    mutating func start() -> Step {
        switch state {
        case .claimed:
            state = .running
            return .run
        case .ending(let cause): return finish(cause, exitCode: nil)
        case .running, .finishing, .reported, .givenBack, .lost: return .forget
        }
    }

    /// The command could not be begun.
    mutating func couldNotStart(_ reason: RunReason, _ message: String) -> Step {
        switch state {
        case .claimed, .running:
            return finish(Ending(resolution: .exception, reason: reason, exitCode: nil, message: message))
        case .ending(let cause): return finish(cause, exitCode: nil)
        case .finishing, .reported, .givenBack, .lost: return .forget
        }
    }

    /// The command ended with `exitCode`, nil when nobody knows; `outputFailed` when what it wrote could not
    /// be kept.
    ///
    /// A command that says that it succeeded has, whatever became of its output.
    mutating func ended(exitCode: Int?, outputFailed: Bool) -> Step {
        switch state {
        case .running:
            guard let exitCode else {
                return finish(
                    Ending(
                        resolution: .exception, reason: .internalError, exitCode: nil,
                        message: "How the command ended is not known."))
            }
            guard exitCode != 0 else {
                return finish(Ending(resolution: .completed, reason: .completed, exitCode: 0))
            }
            guard !outputFailed else {
                return finish(
                    Ending(
                        resolution: .exception, reason: .resourceUnavailable, exitCode: exitCode,
                        message: "The output could not be written: the worker's disk is full."))
            }
            return finish(Ending(resolution: .failed, reason: .failed, exitCode: exitCode))
        case .ending(let cause): return finish(cause, exitCode: exitCode)
        case .claimed, .finishing, .reported, .givenBack, .lost: return .forget
        }
    }

    /// The command has run for as long as it may.
    mutating func timeLimitPassed() -> CommandAction { state == .running ? end(.timeLimit) : .nothing }

    /// Another worker may hold the run now, or nobody wants it.
    mutating func claimLost() -> CommandAction {
        if case .ending = state { state = .ending(.claimLost) }
        return end(.claimLost)
    }

    /// The worker ends and the queue shall run the task again.
    mutating func giveBack() -> CommandAction { end(.givenBack) }

    /// The service took the report.
    mutating func reportAccepted() {
        guard case .finishing(let ending) = state else { return }
        state = ending.reason == .workerShutdown ? .givenBack : .reported
    }

    /// The service will not have the report, or could not be told for as long as the worker tries.
    mutating func reportFailed() {
        guard case .finishing = state else { return }
        state = .lost
    }

    private mutating func end(_ cause: Cause) -> CommandAction {
        switch state {
        case .claimed:
            state = .ending(cause)
            return .nothing
        case .running:
            state = .ending(cause)
            return .end
        case .ending, .finishing, .reported, .givenBack, .lost: return .nothing
        }
    }

    private mutating func finish(_ cause: Cause, exitCode: Int?) -> Step {
        switch cause {
        case .timeLimit:
            return finish(Ending(resolution: .failed, reason: .timedOut, exitCode: exitCode))
        case .givenBack:
            return finish(Ending(resolution: .exception, reason: .workerShutdown, exitCode: exitCode))
        case .claimLost:
            state = .lost
            return .forget
        }
    }

    private mutating func finish(_ ending: Ending) -> Step {
        state = .finishing(ending)
        return .report(ending)
    }
}
