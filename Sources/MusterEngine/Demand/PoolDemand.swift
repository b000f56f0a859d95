import MusterCore
import MusterRuntime
import MusterStore

/// A pool's demand from outside: read when its interval has passed, used in between.
final class PoolDemand: Sendable {
    private let context: EngineContext
    private let state = Locked(State())

    private struct State {
        var source: ExternalSource?
        var readAt: Timestamp?
        var result: Result<DemandReading, Problem>?
    }

    init(_ context: EngineContext) { self.context = context }

    /// What a pool's source says.
    struct Answer: Sendable {
        var result: Result<DemandReading, Problem>
        /// When it is worth reading again.
        var nextAt: Timestamp
        /// Whether it was read just now, and not a moment ago.
        var isNew: Bool
    }

    /// The source's last answer, or a new one when that is older than the source's interval.
    func answer(of source: ExternalSource) async -> Answer {
        let now = context.clock.now()
        let state = state.withLock { $0 }
        if state.source == source, let readAt = state.readAt, let result = state.result,
            now >= readAt, now < readAt + source.interval
        {
            return Answer(result: result, nextAt: readAt + source.interval, isNew: false)
        }
        let result: Result<DemandReading, Problem>
        do throws(Problem) {
            result = .success(try await context.sources.read(source))
        } catch {
            result = .failure(error)
            context.log.warning("a task source could not be read", ["error": error.description])
        }
        self.state.withLock { $0 = State(source: source, readAt: now, result: result) }
        return Answer(result: result, nextAt: now + source.interval, isNew: true)
    }
}

extension Demand {
    /// What a reading says of now: one that failed, or whose time is not near now, says nothing.
    init(_ result: Result<DemandReading, Problem>, within staleness: Duration, at now: Timestamp) {
        switch result {
        case .success(let reading) where reading.observedAt > now + staleness:
            self = .unknown(because: "the task source\'s numbers are from the future, \(reading.observedAt)")
        case .success(let reading):
            self = .known(
                pending: reading.pending, claimed: reading.claimed ?? 0, observedAt: reading.observedAt)
        case .failure(let problem): self = .unknown(because: problem.message)
        }
    }
}
