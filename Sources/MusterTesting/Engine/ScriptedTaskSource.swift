public import MusterCore
public import MusterEngine
import MusterRuntime

/// A task source that says what a test tells it, and counts how often it is asked.
public final class ScriptedTaskSource: TaskSourceReading {
    private let state = Locked((answer: Result<DemandReading, Problem>.failure(unset), readings: 0))

    private static let unset = Problem(.unavailable, "the test has not said what the source says")

    /// Makes a source that fails until it is told what to say.
    public init() {}

    /// Tells it what to say from now on.
    public func say(
        pending: Int, claimed: Int? = 0, at moment: Timestamp, idle: Set<String>? = nil
    ) {
        state.withLock {
            $0.answer = .success(
                DemandReading(pending: pending, claimed: claimed, observedAt: moment, idle: idle))
        }
    }

    /// Tells it to fail from now on.
    public func fail() { state.withLock { $0.answer = .failure(Problem(.networkFailed, "it is out")) } }

    /// How often it was asked.
    public var readings: Int { state.withLock { $0.readings } }

    public func problems(in source: ExternalSource) -> [Problem] { [] }

    public func read(_ source: ExternalSource) async throws(Problem) -> DemandReading {
        let answer = state.withLock { state in
            state.readings += 1
            return state.answer
        }
        return try answer.get()
    }
}
