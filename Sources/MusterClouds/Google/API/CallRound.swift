import MusterCore
import MusterRuntime

/// The time that several calls have together.
struct CallRound: Sendable {
    private let clock: any WallClock
    private let end: Duration

    init(clock: any WallClock) {
        self.clock = clock
        end = clock.uptime() + GooglePolicy.roundTime
    }

    /// How long a call that begins now may take.
    ///
    /// - Throws: `callHeld` when there is no time for another one.
    func time() throws(GoogleFailure) -> Duration {
        let left = end - clock.uptime()
        guard left >= GooglePolicy.shortestCall else {
            throw .problem(
                Problem(.callHeld, "the call was not sent: those before it took all the time that there was"),
                mayHaveArrived: false)
        }
        return left
    }
}
