/// A time that comes again and again, in which a pool is to have more than its work asks for.
public struct ScheduleWindow: Hashable, Sendable {
    /// What people call it.
    public var name: String?
    /// When it starts.
    public var cron: CronExpression
    /// By whose clock.
    public var timeZone: TimeZoneName
    /// How long it lasts after its start, as time that passes: a clock that is set meanwhile moves its end.
    public var duration: Duration
    /// How long before its start it opens, so that what it asks for has booted by then.
    public var lead: Duration
    /// The capacity that there is to be at least.
    public var minimum: Int?
    /// The capacity that there is to be beyond what is busy.
    public var headroom: Int?

    /// Makes a window.
    public init(
        name: String? = nil, cron: CronExpression, timeZone: TimeZoneName = .utc, duration: Duration,
        lead: Duration = .zero, minimum: Int? = nil, headroom: Int? = nil
    ) {
        self.name = name
        self.cron = cron
        self.timeZone = timeZone
        self.duration = duration
        self.lead = lead
        self.minimum = minimum
        self.headroom = headroom
    }

    /// Its name, or else when it starts.
    public var title: String { name ?? "\(cron) \(timeZone)" }

    /// Whether it is open, and when that changes.
    struct State: Hashable, Sendable {
        var isOpen: Bool
        /// Windows that meet are one. Nil when there is no end in sight.
        var changesAt: Timestamp?
    }

    /// How it is at a moment.
    func state(at now: Timestamp, in zone: TimeZoneRules) -> State {
        guard var end = end(ofWindowAt: now, in: zone) else {
            return State(
                isOpen: false, changesAt: cron.nextStart(after: now + lead, in: zone).map { $0 - lead })
        }
        for _ in 0..<SchedulePolicy.windowsInARow {
            guard let next = self.end(ofWindowAt: end, in: zone) else {
                return State(isOpen: true, changesAt: end)
            }
            end = next
        }
        return State(isOpen: true, changesAt: nil)
    }

    /// When the last of the windows ends that are open at a moment; nil when none is.
    private func end(ofWindowAt now: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        guard let start = cron.latestStart(by: now + lead, in: zone) else { return nil }
        let end = start + duration
        return end > now ? end : nil
    }
}
