/// Measures times with a clock that nobody sets.
struct Stopwatch {
    private let begun = ContinuousClock.now

    /// The time since it was made, until `end`.
    func time(until end: ContinuousClock.Instant = .now) -> Duration { end - begun }

    /// The same in seconds.
    var seconds: Double { time() / .seconds(1) }

    /// The same in milliseconds.
    var milliseconds: Double { time() / .milliseconds(1) }
}
