import MusterCore

/// How a provider of worker-manager's waits when its cloud wants fewer calls (`cloudapi.js`, as the Google
/// provider uses it): every call waits as long, without jitter, and what was refused six times is an error.
struct WorkerManagerBackoff: Sendable {
    private var pausedUntil: Timestamp?
    private var refusals = 0
    private var lastRefusal: (at: Timestamp, givesUp: Bool)?

    /// Whether calls are held up.
    func isPaused(at now: Timestamp) -> Bool { pausedUntil.map { now < $0 } ?? false }

    /// The cloud wants fewer calls; refusals of one moment are those of one pass.
    ///
    /// - Returns: whether the call is given up and counts as an error.
    mutating func refuse(at now: Timestamp) -> Bool {
        if let lastRefusal, lastRefusal.at == now { return lastRefusal.givesUp }
        refusals += 1
        let givesUp = refusals == WorkerManagerDefaults.throttledAttempts
        if givesUp { refusals = 0 }
        pausedUntil = givesUp ? nil : now + WorkerManagerDefaults.throttlePause
        lastRefusal = (now, givesUp)
        return givesUp
    }

    /// The cloud took a call.
    mutating func accept() { refusals = 0 }
}
