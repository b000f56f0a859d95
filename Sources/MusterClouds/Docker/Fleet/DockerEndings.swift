import MusterCore
import MusterRuntime

/// What is remembered of containers that end or have ended; nothing that another process would need.
final class DockerEndings: Sendable {
    /// What a container is told.
    enum Order: Hashable, Sendable {
        /// To end within its time.
        case stop
        /// It has had its time.
        case kill
    }

    private struct State {
        /// When containers were asked to end, by the uptime.
        var asked: [WorkerID: Duration] = [:]
        /// When a look found containers first that had been made and not started, by the uptime and the engine's ids.
        var unstarted: [String: Duration] = [:]
        /// How containers ended and when, by the engine's ids: looked into once each.
        var ended: [String: (how: String, at: Timestamp)] = [:]
    }

    private let state = Locked(State())

    /// What to tell a container that is to end; nil while it has still time from when it was told.
    func ask(_ name: WorkerID, grace: Duration, at uptime: Duration) -> Order? {
        state.withLock { state in
            guard let asked = state.asked[name] else {
                state.asked[name] = uptime
                return .stop
            }
            // A second signal would interrupt what the first has begun.
            return uptime < asked + grace + CloudPolicy.dockerStopPatience ? nil : .kill
        }
    }

    /// Forgets that a container was asked: it was not heard.
    func takeBack(_ name: WorkerID) { state.withLock { $0.asked[name] = nil } }

    /// Whether a container was asked to end.
    func isAsked(_ name: WorkerID) -> Bool { state.withLock { $0.asked[name] != nil } }

    /// Remembers how a container ended.
    func note(_ id: String, _ how: String, at end: Timestamp) {
        state.withLock { $0.ended[id] = (how, end) }
    }

    /// How a container ended, as far as anybody has looked.
    func ending(of id: String) -> String? { state.withLock { $0.ended[id]?.how } }

    /// Whether a container ended before a moment.
    func isOver(_ id: String, since cutoff: Timestamp) -> Bool {
        state.withLock { state in state.ended[id].map { $0.at < cutoff } ?? false }
    }

    /// Of the containers that have not been started, those that have been seen so for a while: nobody starts them any
    /// more. Whoever is not among them any more is forgotten.
    func abandoned(among ids: Set<String>, at uptime: Duration) -> [String] {
        state.withLock { state in
            state.unstarted = state.unstarted.filter { ids.contains($0.key) }
            for id in ids where state.unstarted[id] == nil { state.unstarted[id] = uptime }
            return state.unstarted.filter { $0.value + CloudPolicy.dockerUnstartedTime <= uptime }.keys
                .sorted()
        }
    }

    /// Forgets what a complete listing does not show any more.
    func keep(ids: Set<String>, names: Set<String>) {
        state.withLock { state in
            state.ended = state.ended.filter { ids.contains($0.key) }
            state.asked = state.asked.filter { names.contains($0.key.rawValue) }
        }
    }
}
