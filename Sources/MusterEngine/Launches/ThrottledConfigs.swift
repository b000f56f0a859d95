import MusterClouds
import MusterCore
import MusterRuntime

/// Which launch configs their providers want no calls for, and until when.
///
/// Kept by launch config and not by pool: what one region throttles holds up no launch config of another. Those of
/// the same region find out soon enough, since their calls wait for the same turn.
final class ThrottledConfigs: Sendable {
    private struct Key: Hashable {
        let pool: PoolID
        let config: LaunchConfigID
    }

    private let clock: any WallClock
    private let policy: EnginePolicy
    /// Uptimes, so that nobody who sets the clock makes it longer.
    private let until = Locked<[Key: Duration]>([:])

    init(_ context: EngineContext) {
        clock = context.clock
        policy = context.policy
    }

    /// Until when a launch config's provider wants no calls for it; nil when it wants them.
    func callsAgain(for config: LaunchConfigID, of pool: PoolID) -> Timestamp? {
        let left = until.withLock { until -> Duration? in
            let key = Key(pool: pool, config: config)
            guard let end = until[key] else { return nil }
            let left = end - clock.uptime()
            if left <= .zero { until[key] = nil }
            return left > .zero ? left : nil
        }
        return left.map { clock.now() + $0 }
    }

    /// Remembers what of a launch was refused because of too many calls.
    func note(_ refusals: [LaunchRefusal], of launch: Launch) {
        let pauses = refusals.compactMap { refusal -> Duration? in
            guard case .throttled(let retryAfter) = refusal.error.kind else { return nil }
            return min(max(retryAfter ?? .zero, policy.throttlePause), policy.longestThrottlePause)
        }
        guard let pause = pauses.max() else { return }
        let key = Key(pool: launch.poolID, config: launch.launchConfigID)
        let end = clock.uptime() + pause
        until.withLock { $0[key] = end }
    }
}
