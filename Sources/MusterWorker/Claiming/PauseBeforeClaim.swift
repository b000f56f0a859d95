import MusterCore

/// How long a worker waits before its next claim: longer the fuller it is.
///
/// An idle worker does not wait; one with a single place left waits the whole of
/// `WorkerPolicy.longestPause`. Between them the pause grows with the square of how full it is, so that it
/// stays short until the worker is nearly full:
///
///     pause = longest × fullness²
///     fullness = running ÷ (limit − 1)        with a limit
///     fullness² = running ÷ (running + half)  without one: half the longest pause at `unlimitedHalfPause`
///
/// Never shrinks when `running` grows, never grows when the limit does. A worker that is full does not claim
/// at all; for it this gives the longest pause.
func pauseBeforeClaim(running: Int, limit: WorkLimit) -> Duration {
    guard running > 0 else { return .zero }
    let longest = Double(WorkerPolicy.longestPause.milliseconds)
    let share: Double
    switch limit {
    case .tasks(let limit) where limit > 1:
        let fullness = min(1, Double(running) / Double(limit - 1))
        share = fullness * fullness
    case .tasks: share = 1
    case .unlimited: share = Double(running) / Double(running + WorkerPolicy.unlimitedHalfPause)
    }
    return .milliseconds(Int64(longest * share))
}
