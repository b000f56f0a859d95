import MusterCore
import MusterRuntime

/// The time that several calls have together: less than whoever waits for all of them does, so that what there is no
/// time for is told as not sent, and not as unclear.
struct AzureRound: Sendable {
    private let clock: any WallClock
    private let end: Duration

    init(_ clock: any WallClock) {
        self.clock = clock
        end = clock.uptime() + CloudPolicy.azureRoundTime
    }

    /// How long a call that begins now may take.
    ///
    /// - Throws: `call-held` when there is no time for another one.
    func time() throws(CloudError) -> Duration {
        let left = end - clock.uptime()
        guard left >= CloudPolicy.azureShortestCall else {
            throw AzureErrorTable.error(
                Problem(.callHeld, "the call was not sent: those before it took all the time that there was"))
        }
        return left
    }
}
