import MusterAPI
import MusterHTTP

extension CallDocument {
    /// Shows what became of calls.
    init(_ figures: CallFigures) {
        self.init(region: figures.kind.region, name: figures.kind.name)
        calls = figures.calls
        failures = figures.failures
        attempts = figures.attempts
        retries = figures.retries
        throttled = figures.throttled
        waiting = figures.waiting
        inFlight = figures.inFlight
        tokens = figures.tokens
        pace = figures.pace
        pauseSeconds = figures.pauseSeconds
        medianSeconds = figures.latency.quantile(0.5)
        slowSeconds = figures.latency.quantile(0.95)
        remaining = figures.notes
    }
}
