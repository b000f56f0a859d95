/// How long to wait before another attempt: full jitter, so that those who failed together do not return together.
public struct Backoff: Hashable, Sendable {
    /// The longest wait after the first attempt; doubled after each further one.
    public var base: Duration
    /// No wait is longer.
    public var longest: Duration

    /// Makes one.
    public init(base: Duration = HTTPPolicy.backoffBase, longest: Duration = HTTPPolicy.backoffLongest) {
        self.base = base
        self.longest = longest
    }

    /// The longest wait after so many attempts, counted from 1.
    public func bound(after attempts: Int) -> Duration {
        var bound = base
        var doublings = attempts - 1
        while doublings > 0, bound > .zero, bound < longest {
            bound *= 2
            doublings -= 1
        }
        return min(bound, longest)
    }

    /// A wait after so many attempts: anything from nothing to the bound, each as likely.
    public func wait(after attempts: Int, using chance: inout some RandomNumberGenerator) -> Duration {
        bound(after: attempts) * Double.random(in: 0...1, using: &chance)
    }

    /// A wait of `asked` at least: those who were told the same time are spread over a short time after it.
    public func wait(atLeast asked: Duration, using chance: inout some RandomNumberGenerator) -> Duration {
        asked + wait(after: 1, using: &chance)
    }
}
