/// How far the wall clock of a zone is from universal time, and when that changes.
///
/// FoundationEssentials knows no zones, so Muster reads the machine's own (`TimeZoneRules+TZif.swift`). All
/// arithmetic is in whole seconds.
public struct TimeZoneRules: Hashable, Sendable {
    /// The changes that are known one by one, the earliest first.
    let changes: [Change]
    /// The offset before the first of them.
    let earliest: Int64
    /// What holds after the last of them; nil when its offset stays.
    let recurring: RecurringChanges?

    /// From a moment on, what is added to universal time.
    struct Change: Hashable, Sendable {
        /// Seconds since the epoch.
        var at: Int64
        /// Seconds that are added.
        var offset: Int64
    }

    /// Makes rules of values that have been checked: changes ascend, and offsets are within `farthest`.
    init(changes: [Change] = [], earliest: Int64 = 0, recurring: RecurringChanges? = nil) {
        self.changes = changes
        self.earliest = earliest
        self.recurring = recurring
    }

    /// Coordinated universal time.
    public static let utc = TimeZoneRules()

    /// No zone is farther from universal time than this, in seconds: RFC 9636's bound, rounded up to hours.
    static let farthest: Int64 = 26 * 3_600

    /// What is added to universal time at a moment.
    public func offset(at moment: Timestamp) -> Duration { .seconds(offset(at: moment.wholeSeconds)) }

    /// What the wall clock shows at a moment.
    public func local(at moment: Timestamp) -> LocalTime {
        let second = moment.wholeSeconds
        return LocalTime(seconds: second + offset(at: second))
    }

    /// The first moment at which the wall clock shows this time or a later one.
    ///
    /// For a time that the clock skips that is the moment of the jump, and for one that it shows twice the first of
    /// the two.
    public func firstMoment(showing local: LocalTime) -> Timestamp {
        let range = local.seconds - Self.farthest...local.seconds + Self.farthest
        var moment = range.upperBound
        for stretch in stretches(in: range) {
            moment = max(stretch.start, local.seconds - stretch.offset)
            if moment < stretch.end { break }
        }
        return Timestamp(wholeSeconds: moment)
    }

    /// The latest time that the wall clock has shown up to a moment: later than what it shows when it was set back
    /// a short while ago.
    ///
    /// `firstMoment(showing: t) <= moment` just when `t <= latestShown(by: moment)`.
    public func latestShown(by moment: Timestamp) -> LocalTime {
        let now = moment.wholeSeconds
        let shown = stretches(in: now - 2 * Self.farthest...now).map { $0.end - 1 + $0.offset }
        return LocalTime(seconds: shown.max() ?? now)
    }

    /// A time without a change.
    private struct Stretch {
        var start: Int64
        /// The second after its last.
        var end: Int64
        var offset: Int64
    }

    /// The stretches that make up a range of seconds, in order.
    private func stretches(in range: ClosedRange<Int64>) -> [Stretch] {
        let first = changes.partitioningIndex { $0.at > range.lowerBound }
        var starts = [range.lowerBound]
        for change in changes[first...] {
            guard change.at <= range.upperBound else { break }
            starts.append(change.at)
        }
        let known = changes.last?.at ?? .min
        if let recurring, known < range.upperBound {
            starts += recurring.moments(after: max(known, range.lowerBound), through: range.upperBound)
        }
        return starts.indices.map { index in
            Stretch(
                start: starts[index],
                end: index + 1 < starts.count ? starts[index + 1] : range.upperBound + 1,
                offset: offset(at: starts[index]))
        }
    }

    private func offset(at second: Int64) -> Int64 {
        if let recurring, changes.last.map({ $0.at <= second }) ?? true {
            return recurring.offset(at: second)
        }
        let next = changes.partitioningIndex { $0.at > second }
        return next == 0 ? earliest : changes[next - 1].offset
    }
}

extension Array {
    /// The first index whose element is beyond something, in an array where all those that are come last.
    fileprivate func partitioningIndex(_ isBeyond: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Timestamp {
    fileprivate var wholeSeconds: Int64 { milliseconds.quotient(flooringBy: 1_000) }

    /// A moment beyond the range stays at its end.
    fileprivate init(wholeSeconds: Int64) {
        let (product, overflow) = wholeSeconds.multipliedReportingOverflow(by: 1_000)
        self.init(milliseconds: overflow ? (wholeSeconds < 0 ? .min : .max) : product)
    }
}
