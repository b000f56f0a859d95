import MusterCore
import MusterRuntime

extension WorkerProgram {
    /// What the claim loop waits in, so that others can end the wait. There is one loop, so there is one wait.
    struct Interruption {
        var call: (@Sendable () -> Void)?
        var rest: (continuation: CheckedContinuation<Void, Never>, endsWithRoom: Bool)?
        /// Whether the last wait was ended by `interrupt`.
        var happened = false
    }

    /// Ends the loop's wait, so that it looks at how things are: the stage or the limit has changed.
    func interrupt() {
        interruption.happened = true
        interruption.call?()
        endRest()
    }

    /// A run has ended: a loop that waits for room goes on, one that waits for the service does not.
    func roomChanged() {
        if interruption.rest?.endsWithRoom == true { endRest() }
    }

    /// Waits for `time`, or for ever when that is nil; less when interrupted, or when there is more room and
    /// that `endsWithRoom`. Gives whether the time is over.
    func rest(for time: Duration?, endsWithRoom: Bool) async -> Bool {
        var isOver = false
        let timer = time.map { time in
            Task {
                guard (try? await clock.sleep(for: time)) != nil, !Task.isCancelled else { return false }
                endRest()
                return true
            }
        }
        await withCheckedContinuation { interruption.rest = ($0, endsWithRoom) }
        if let timer {
            timer.cancel()
            isOver = await timer.value
        }
        return isOver
    }

    /// Makes a call that `interrupt` ends; it has failed then.
    func interruptible<Value: Sendable>(
        _ call: @escaping @Sendable () async throws(ServiceFailure) -> Value
    ) async -> Result<Value, ServiceFailure> {
        interruption.happened = false
        let task = Task {
            do throws(ServiceFailure) {
                return Result<Value, ServiceFailure>.success(try await call())
            } catch {
                return .failure(error)
            }
        }
        interruption.call = { task.cancel() }
        defer { interruption.call = nil }
        return await task.value
    }

    private func endRest() {
        let rest = interruption.rest
        interruption.rest = nil
        rest?.continuation.resume()
    }
}
