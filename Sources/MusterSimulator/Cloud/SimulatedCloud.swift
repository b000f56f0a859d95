import MusterCore

/// The simulated cloud: says what becomes of a call, of an instance, and of its end.
///
/// The n-th instance that is asked for has the same luck whoever asks: policies are compared on equal terms.
struct SimulatedCloud {
    /// What becomes of an instance that was asked for.
    enum Fate {
        /// It is there; milliseconds until it registers, nil for never, and until the cloud takes it back.
        case accepted(boot: Int64?, interruption: (after: Int64, notice: Int64)?)
        case refused(CloudError)
    }

    private let script: CloudScript
    private let seed: UInt64
    private let windows: [Window]
    private var asked = 0

    private struct Window {
        let fault: CloudFault
        let from: Int64
        let until: Int64

        func holds(at now: Int64, for config: Int) -> Bool {
            from <= now && now < until && fault.concerns(config)
        }
    }

    init(_ script: CloudScript, span: Duration, seed: UInt64) {
        self.script = script
        self.seed = seed
        windows = script.faults.map {
            Window(
                fault: $0, from: $0.from.milliseconds(of: span), until: $0.until.milliseconds(of: span))
        }
    }

    /// From a call to its answer.
    var answerTime: Int64 { script.answer.milliseconds }

    /// The moments at which a fault begins or ends.
    var changes: [Int64] { windows.flatMap { [$0.from, $0.until] }.filter { $0 > 0 && $0 < .max } }

    /// Whether the counts of tasks stay what they were.
    func hasStaleCounts(at now: Int64) -> Bool {
        windows.contains { $0.fault.kind == .staleCounts && $0.from <= now && now < $0.until }
    }

    /// The faults that keep launches away from some launch configs, those that follow on one another taken
    /// together: which launch configs, and when they end.
    var troubles: [(configs: Set<Int>, end: Int64)] {
        var troubles: [(configs: Set<Int>, from: Int64, end: Int64)] = []
        for window in windows.sorted(by: { ($0.from, $0.until) < ($1.from, $1.until) }) {
            guard window.fault.keepsLaunchesAway, window.until < .max, let configs = window.fault.configs
            else { continue }
            let joined = troubles.lastIndex { $0.configs == configs && $0.end >= window.from }
            if let joined {
                troubles[joined].end = max(troubles[joined].end, window.until)
            } else {
                troubles.append((configs, window.from, window.until))
            }
        }
        return troubles.map { ($0.configs, $0.end) }
    }

    /// What becomes of the next instance.
    ///
    /// - Parameter living: how many instances of each launch config are billed now.
    mutating func launch(_ config: Int, at now: Int64, living: [Int]) -> Fate {
        asked += 1
        let current = windows.filter { $0.holds(at: now, for: config) }
        var refusals = SeededGenerator(seed: seed, .refusal, asked)
        var isBad = false
        var factor = 1.0
        for window in current {
            switch window.fault.kind {
            case .outage:
                return .refused(
                    CloudError(
                        .capacity(offering: SimulatedOfferings.name(of: config)),
                        cloudCode: "InsufficientCapacity",
                        message: "there is no capacity"))
            case .errors(let ratio) where refusals.nextUnit() < ratio:
                return .refused(
                    CloudError(.transient, cloudCode: "InternalError", message: "the cloud had a fault"))
            case .quota(let most):
                let held = living.indices.filter(window.fault.concerns).reduce(0) { $0 + living[$1] }
                guard held >= most else { continue }
                let isOfAll = window.fault.configs == nil
                return .refused(
                    CloudError(
                        .quota(
                            scope: isOfAll ? SimulatedOfferings.all : SimulatedOfferings.scope(of: config)),
                        cloudCode: "QuotaExceeded",
                        message: "the quota of \(most) instances is used up"))
            case .throttling(let retryAfter):
                return .refused(
                    CloudError(
                        .throttled(retryAfter: retryAfter), cloudCode: "RequestLimitExceeded",
                        message: "there are too many calls"))
            case .badImage: isBad = true
            case .slowBoots(let slower): factor *= slower
            case .errors, .interruptions, .stuckDeletions, .staleCounts: continue
            }
        }
        var boots = SeededGenerator(seed: seed, .boot, asked)
        let boot = Double(script.boot(of: config).sample(using: &boots)) * factor
        return .accepted(
            boot: isBad ? nil : Int64(boot.rounded()), interruption: interruption(of: config, from: now))
    }

    /// When the cloud takes an instance back that begins now: the first of what each fault draws. Without memory,
    /// so that it may be drawn from the later of the instance's beginning and the fault's.
    private func interruption(of config: Int, from now: Int64) -> (after: Int64, notice: Int64)? {
        var draws = SeededGenerator(seed: seed, .interruption, asked)
        var first: (after: Int64, notice: Int64)?
        for window in windows where window.fault.concerns(config) && now < window.until {
            guard case .interruptions(let rate, let notice) = window.fault.kind, rate > 0 else { continue }
            let moment = Double(max(now, window.from)) + draws.nextExponential() / rate * 3_600_000
            guard moment < Double(window.until), moment < Double(now) + 31_536_000_000 else { continue }
            let after = Int64(moment.rounded()) - now
            if first.map({ after < $0.after }) ?? true { first = (after, notice.milliseconds) }
        }
        return first
    }

    /// How long an instance takes to go once it is to be ended.
    func stopping(of config: Int, at now: Int64) -> Int64 {
        var longest = script.stopping.milliseconds
        for window in windows where window.holds(at: now, for: config) {
            if case .stuckDeletions(let time) = window.fault.kind {
                longest = max(longest, time.milliseconds)
            }
        }
        return longest
    }
}
