/// A bucket of tokens that fills with time: what may be sent, and when (pure; times are an uptime).
///
/// Within any time it gives no more than `burst` and what flows in meanwhile. What a cloud refuses although there
/// were tokens slows the inflow down (`pace`); what succeeds afterwards brings it back step by step.
public struct TokenBucket: Hashable, Sendable {
    /// What flows in at full pace; nil lets everything pass for as long as nothing is refused.
    public private(set) var rate: CallRate?
    /// The part of the rate that is in use, from `HTTPPolicy.slowestPace` to 1.
    public private(set) var pace = 1.0
    /// Nothing is given before this moment.
    public private(set) var pausedUntil: Duration
    private var level: Double
    private var filledAt: Duration

    /// A full bucket.
    public init(_ rate: CallRate?, at now: Duration) {
        self.rate = rate
        pausedUntil = now
        filledAt = now
        level = (rate ?? HTTPPolicy.cautiousRate).burst
    }

    /// The rate that holds at the moment; nil for none.
    private var current: CallRate? { rate ?? (pace < 1 ? HTTPPolicy.cautiousRate : nil) }

    /// Takes tokens if they are there.
    ///
    /// A cost above `burst` is given when the bucket is full, and has to be earned afterwards.
    public mutating func take(_ cost: Double, at now: Duration) -> Bool {
        guard wait(for: cost, at: now) <= .zero else { return false }
        if current != nil { level -= cost }
        return true
    }

    /// How long until tokens for `cost` are there, when `before` more are taken first.
    public mutating func wait(for cost: Double, behind before: Double = 0, at now: Duration) -> Duration {
        fill(at: now)
        let pause = max(pausedUntil - now, .zero)
        guard let current else { return pause }
        let missing = before + min(cost, current.burst) - level
        // What the sums of fractions are off by must not make anybody wait.
        guard missing > 1e-9 else { return pause }
        let flow = current.perSecond * pace
        guard flow > 0, missing / flow < HTTPPolicy.longestTimeout / .seconds(1) else {
            return HTTPPolicy.longestTimeout
        }
        // Whole milliseconds, since clocks have no others, and never too few.
        return pause + .milliseconds((missing / flow * 1_000).rounded(.up))
    }

    /// The tokens that are there; nil when they are not counted.
    public mutating func tokens(at now: Duration) -> Double? {
        fill(at: now)
        return current == nil ? nil : level
    }

    /// Another rate from now on; nothing that was taken is given back.
    public mutating func set(_ rate: CallRate?, at now: Duration) {
        guard rate != self.rate else { return }
        fill(at: now)
        self.rate = rate
        level = min(level, (rate ?? HTTPPolicy.cautiousRate).burst)
    }

    /// Gives nothing for a time, and begins empty then. A shorter time than what is left changes nothing.
    public mutating func pause(for time: Duration, at now: Duration) {
        fill(at: now)
        level = min(level, 0)
        pausedUntil = max(pausedUntil, now + time)
    }

    /// Halves the pace.
    public mutating func slowDown(at now: Duration) {
        fill(at: now)
        // What was not counted begins to be.
        if current == nil { level = min(level, 0) }
        pace = max(pace / 2, HTTPPolicy.slowestPace)
    }

    /// Brings the pace a step back.
    public mutating func speedUp(at now: Duration) {
        fill(at: now)
        pace = min(1, pace + HTTPPolicy.paceStep)
    }

    // A moment before the last one is a caller that was overtaken on the way: nothing flows back.
    private mutating func fill(at now: Duration) {
        let start = max(filledAt, pausedUntil)
        filledAt = max(filledAt, now)
        guard now > start, let current else { return }
        // What is no number flows no more than what is below 0.
        guard current.perSecond > 0 else { return }
        level = min(current.burst, level + current.perSecond * pace * ((now - start) / .seconds(1)))
    }
}
