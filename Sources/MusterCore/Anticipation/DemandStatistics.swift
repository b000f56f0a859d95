/// What has been learned of how a pool's work comes and goes: bounded, and the old fades.
///
/// It looks at one number, the tasks that wait and run together, on a grid of moments a sixteenth of the lead time
/// apart, and counts by how much it rose until a lead time later. Arrivals less completions are in that
/// difference, so that a source that gives only counts says as much as the queue.
public struct DemandStatistics: Hashable, Sendable, Codable {
    /// The number at a moment of the grid.
    struct Sample: Hashable, Sendable, Codable {
        var at: Timestamp
        var tasks: Int
        var isWaiting: Bool
        /// The capacity that ran.
        var running: Int
        /// The capacity that was on its way.
        var requested: Int
    }

    /// The samples of the last lead time, which have no outcome yet.
    private(set) var window: [Sample] = []
    /// The number as it was last seen.
    private(set) var last: Sample?
    /// Since when something has been waiting without a break.
    private(set) var waitingSince: Timestamp?
    /// The lead time as it was last.
    private(set) var lead = DecisionPolicy.unknownBoot
    /// Rises after moments at which something waited.
    private(set) var whileWaiting: RiseDistribution
    /// The capacity that ran at such moments, on average; the last ones count most.
    private(set) var runningWhileWaiting = 0.0
    /// Rises after moments at which nothing did.
    private(set) var atRest: RiseDistribution
    /// The highest rise within a lead time after such moments.
    private(set) var peaks: RiseDistribution

    /// Nothing is known.
    public init(at now: Timestamp) {
        whileWaiting = RiseDistribution(at: now)
        atRest = RiseDistribution(at: now)
        peaks = RiseDistribution(at: now)
    }

    /// Takes notice of how many tasks wait and run.
    ///
    /// Until the next notice the number is taken to stay. After a quarter of an hour without one, or when the clock
    /// was set back, nobody knows what was in between, and the window begins anew. O(1) on average, some thousand
    /// steps at most.
    /// - Parameters:
    ///   - tasks: those that could run and those that run.
    ///   - isWaiting: whether some of them wait.
    ///   - running: the capacity of running workers.
    ///   - requested: the capacity on its way.
    ///   - lead: how long a worker takes to come.
    public mutating func observe(
        tasks: Int, isWaiting: Bool, running: Int, requested: Int, lead: Duration, at now: Timestamp
    ) {
        self.lead = max(lead, DecisionPolicy.shortestLead)
        waitingSince = isWaiting ? waitingSince ?? now : nil
        let current = Sample(
            at: now, tasks: tasks, isWaiting: isWaiting, running: running, requested: requested)
        defer { last = current }
        guard let last, now >= last.at, now - last.at <= DecisionPolicy.longestSilence else {
            window = [current]
            waitingSince = isWaiting ? now : nil
            return
        }
        let step = self.lead / DecisionPolicy.samplesPerLead
        while let newest = window.last, newest.at + step <= now {
            var sample = last
            sample.at = newest.at + step
            take(sample)
        }
    }

    private mutating func take(_ sample: Sample) {
        window.append(sample)
        while let first = window.first, first.at + lead <= sample.at {
            let rise = sample.tasks - first.tasks
            if first.isWaiting {
                whileWaiting.add(first.credit(for: rise), at: sample.at)
                runningWhileWaiting +=
                    (Double(first.running) - runningWhileWaiting) / DecisionPolicy.runningRemembered
            } else {
                atRest.add(rise, at: sample.at)
                let highest = window.map(\.tasks).max() ?? sample.tasks
                peaks.add(highest - first.tasks, at: sample.at)
            }
            window.removeFirst()
        }
    }
}

extension DemandStatistics {
    /// What is to be expected within the lead time.
    ///
    /// - Parameter anticipation: says which part of the cases is to be covered.
    public func outlook(for anticipation: Anticipation, at now: Timestamp) -> DemandOutlook {
        let part = anticipation.coverage
        var whileWaiting = whileWaiting.quantile(part, at: now)
        let believedUntil = waitingSince.map { $0 + lead }.flatMap { $0 >= now ? $0 : nil }
        if whileWaiting < 0, waitingSince != nil, believedUntil == nil {
            // What has waited for longer than a lead time was not served in time: only what falls by itself is
            // believed to go on falling.
            let fallen = min(0, (last?.tasks ?? 0) - (window.first?.tasks ?? 0))
            whileWaiting = max(whileWaiting, fallen)
        }
        return DemandOutlook(
            lead: lead, riseWhileWaiting: whileWaiting, running: Int(runningWhileWaiting.rounded()),
            believedUntil: believedUntil,
            rise: max(0, atRest.quantile(part, at: now)),
            peak: max(0, peaks.quantile(anticipation.keepingCoverage, at: now)))
    }
}

extension DemandStatistics.Sample {
    /// How much of a fall running workers get the credit for: their part of the capacity there was. What was launched
    /// for the very tasks did the rest, and cannot be counted on instead of being launched.
    fileprivate func credit(for rise: Int) -> Int {
        guard rise < 0, requested > 0 else { return rise }
        return Int(Double(rise) * Double(running) / Double(running + requested))
    }
}
