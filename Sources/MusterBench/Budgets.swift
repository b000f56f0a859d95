/// What is promised of the figures, and why. The median of a figure is what counts.
enum Budgets {
    /// All promises.
    static let all: [Budget] =
        decide + passes + latency + BenchPolicy.tenants.flatMap(claims) + longQueue + limits + replicas
        + launch + reconcile + chaos + http + footprint

    private static let decide = [
        Budget(
            "decide-plans", of: .decidePlans, .atLeast(150_000),
            because: """
                What decides runs in every pass, explanation and dry run, and a simulated week makes millions of \
                plans: it must never be what anybody waits for.
                """)
    ]

    private static let passes = [
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
    ]

    private static let latency = [
        Budget(
            "latency", of: .latencyCall, .below(20),
            because: """
                Boots take seconds: what the provisioner adds to them, commits included, must not be felt.
                """)
    ]

    /// What is promised of claims from a queue with so many tenants.
    private static func claims(_ tenants: Int) -> [Budget] {
        let sqlite = ClaimsCase.busiest(on: .sqlite, tenants: tenants)
        let postgres = ClaimsCase.busiest(on: .postgres, tenants: tenants)
        return [
            Budget(
                "sqlite-cycles-\(tenants)", of: sqlite.cyclesRatio, .atLeast(5),
                because: """
                    Workers that wait together share commits. A queue that commits each claim by itself has the \
                    ratio 1 at best, before it has taken turns, counted, published or finished anything.
                    """),
            Budget(
                "postgres-claims-\(tenants)", of: postgres.claimsRatio, .atLeast(3),
                because: """
                    The same where the commits of several connections share a flush already: one place at which \
                    turns are taken must be worth more than connections that pass over one another's rows.
                    """),
            Budget(
                "postgres-cycles-\(tenants)", of: postgres.cyclesRatio, .atLeast(1.5),
                because: "A task is finished as often as it is claimed; the single rows never are."),
            Budget(
                "postgres-window-\(tenants)", of: .windowToClaim(tenants: tenants), .atLeast(1_000),
                because: "Fairness must cost counters, not a look at everything that waits."),
        ]
    }

    private static let longQueue = BenchEngine.allCases.map { engine in
        Budget(
            "\(engine.rawValue)-long-queue", of: .longQueueTime(engine), .atMost(1.3),
            because: "Ten times the tasks are a level more of an index, and not more work.")
    }

    private static let limits = BenchEngine.allCases.map { engine in
        Budget(
            "\(engine.rawValue)-hand-over", of: .handOver(engine), .below(5),
            because:
                "A slot that nobody has is work that does not run: whoever waits is woken, and does not ask.")
    }

    private static let replicas = BenchPolicy.replicas.dropFirst().map { count in
        Budget(
            "replicas-\(count)", of: .replicasRatio(count), .atLeast(0.9),
            because: "Whoever adds a process for its own sake must not lose by it.")
    }

    private static let launch = [
        Budget(
            "launch-calls", of: .launchCallsToAllowed, .atMost(1),
            because: """
                Clouds count calls: a burst that needs one for every few instances is throttled, and with it \
                everything else in that region.
                """),
        Budget(
            "launch-time", of: .launchTimeToSingle, .atMost(0.75),
            because: "What is decided at once must be there at once, rows included."),
    ]

    private static let reconcile = [
        Budget(
            "reconcile-calls", of: .reconcileCallsToAllowed, .atMost(1),
            because: "Whoever asks for each instance is throttled by its own size."),
        Budget(
            "reconcile-time", of: .reconcileTimeToSingle, .atMost(0.75),
            because: "The larger the fleet, the more often something in it has gone unnoticed."),
    ]

    private static let chaos = [
        Budget(
            "chaos-violations", of: .chaosViolations, .atMost(0),
            because: "An instance that nobody knows costs money for ever.")
    ]

    private static let http = HTTPCase.all.dropFirst().map { measured in
        Budget(
            "http-\(measured.callers)", of: measured.ratio, .atLeast(0.15),
            because: """
                A pass that asks many clouds at once must wait for them, not for its own client. wrk reads no \
                headers, keeps no deadlines and wakes nobody.
                """)
    }

    private static let footprint = [
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
