/// What is promised of the figures, and why. The median of a figure is what counts.
enum Budgets {
    /// All promises.
    static let all: [Budget] = [
        Budget(
            "passes-time", of: .passesTime, .below(1),
            because: """
                A round over a thousand pools must fit into a second, so that the loops of the largest fleet \
                leave the machine free for its workers' calls.
                """),
        Budget(
            "passes-ignore-workers", of: .passesTenthToAll, .atLeast(0.8),
            because: """
                A pass reads the buckets, never the workers: with a tenth of the workers it may be a little \
                quicker for smaller files, and no more.
                """),
        Budget(
            "latency", of: .latencyCall, .below(20),
            because: """
                Boots take seconds: what the provisioner adds to them, commits included, must not be felt.
                """),
        Budget(
            "claims", of: .claimsRatio64, .atLeast(5),
            because: """
                Workers that wait together share commits. A queue that commits each claim by itself has the \
                ratio 1 at best, before it has taken turns, counted, published or finished anything.
                """),
        Budget(
            "memory", of: .memory, .below(40),
            because: "A service beside others on a small machine must not count there."),
        Budget(
            "memory-with-pools", of: .memoryWithPools, .below(40),
            because: "Pools that rest cost rows, not memory."),
        Budget(
            "start", of: .start, .below(100),
            because: "A restart, an upgrade or a run from a timer must be shorter than a worker's patience."),
        Budget(
            "start-with-pools", of: .startWithPools, .below(100),
            because: "What is stored is not read at the start."),
    ]
}
