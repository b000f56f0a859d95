import MusterCore
import MusterRuntime
import MusterStore

/// In which order launches of unknown outcome are looked up, and when the next look is due.
///
/// A provider's dead region may leave any number of launches that nobody can be asked about. They must not keep
/// others from being looked up: whoever has waited longest since the last look is next, each provider has its own
/// bound, and what cannot be looked up is tried less and less often.
struct LookUpLine {
    private struct Place {
        var failures = 0
        var lookedAt: Duration
        var nextAt: Duration
    }

    /// Before any look.
    private static let never = Duration.seconds(-1)

    private var places: [LaunchID: Place] = [:]

    /// Those that are to be looked up now, at most so many of each provider together with those `inFlight`.
    ///
    /// - Parameters:
    ///   - planned: all that there are, the oldest first; of others nothing is remembered.
    ///   - uptime: the moment, by a clock that nobody sets.
    mutating func next(
        of planned: [LaunchReference], inFlight: Set<LaunchID>, limit: Int, at uptime: Duration
    ) -> [LaunchReference] {
        let ids = Set(planned.map(\.id))
        places = places.filter { ids.contains($0.key) }
        var room: [ProviderID: Int] = [:]
        for launch in planned where inFlight.contains(launch.id) {
            room[launch.providerID, default: limit] -= 1
        }
        let due = planned.enumerated().filter { _, launch in
            !inFlight.contains(launch.id) && (places[launch.id].map { $0.nextAt <= uptime } ?? true)
        }
        let inOrder = due.sorted { one, other in
            let (first, second) = (places[one.element.id]?.lookedAt, places[other.element.id]?.lookedAt)
            return (first ?? Self.never, one.offset) < (second ?? Self.never, other.offset)
        }
        return inOrder.compactMap { _, launch in
            guard room[launch.providerID, default: limit] > 0 else { return nil }
            room[launch.providerID, default: limit] -= 1
            return launch
        }
    }

    /// A look has ended, and says something or nothing.
    mutating func note(_ launch: LaunchID, failed: Bool, at uptime: Duration, _ policy: EnginePolicy) {
        let failures = failed ? (places[launch]?.failures ?? 0) + 1 : 0
        let pause = failed ? policy.recoveryInterval * (1 << min(failures - 1, 10)) : .zero
        places[launch] = Place(
            failures: failures, lookedAt: uptime, nextAt: uptime + min(pause, policy.longestLookUpPause))
    }
}
