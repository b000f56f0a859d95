/// What the windows of a pool ask for at a moment, whatever its work asks for.
///
/// Of windows that overlap the largest minimum holds, and the largest headroom: they are not added up.
public struct ScheduledFloor: Hashable, Sendable {
    /// The capacity that there is to be at least; 0 when no open window says one.
    public var minimum: Int
    /// The capacity that there is to be beyond what is busy; 0 when no open window says any.
    public var headroom: Int
    /// The windows that say the minimum.
    public var minimumFrom: [String]
    /// The windows that say the headroom.
    public var headroomFrom: [String]
    /// When any of that changes next; nil when there is no change in sight.
    public var until: Timestamp?
    /// The windows of which nobody knows whether they are open: their time zones cannot be read.
    public var unknown: [String]

    /// Makes a floor.
    public init(
        minimum: Int = 0, headroom: Int = 0, minimumFrom: [String] = [], headroomFrom: [String] = [],
        until: Timestamp? = nil, unknown: [String] = []
    ) {
        self.minimum = minimum
        self.headroom = headroom
        self.minimumFrom = minimumFrom
        self.headroomFrom = headroomFrom
        self.until = until
        self.unknown = unknown
    }

    /// What windows ask for at a moment; nil when there are none.
    ///
    /// - Parameter zones: the rules of a time zone; nil when they cannot be read.
    public init?(
        _ windows: [ScheduleWindow], at now: Timestamp, zones: (TimeZoneName) -> TimeZoneRules?
    ) {
        guard !windows.isEmpty else { return nil }
        var known: [(window: ScheduleWindow, zone: TimeZoneRules)] = []
        var unknown: [String] = []
        for window in windows {
            if let zone = zones(window.timeZone) {
                known.append((window, zone))
            } else {
                unknown.append(window.title)
            }
        }
        self = Self.floor(known, at: now)
        // Windows may open and end beneath others without a difference.
        for _ in 0..<SchedulePolicy.changesAhead {
            guard let moment = until else { break }
            var then = Self.floor(known, at: moment)
            let next = then.until
            then.until = until
            guard then == self else { break }
            until = next
        }
        self.unknown = unknown
    }

    /// What holds at a moment, until the next of the windows opens or ends.
    private static func floor(
        _ windows: [(window: ScheduleWindow, zone: TimeZoneRules)], at now: Timestamp
    ) -> ScheduledFloor {
        var floor = ScheduledFloor()
        for (window, zone) in windows {
            let state = window.state(at: now, in: zone)
            if let change = state.changesAt { floor.until = min(floor.until ?? change, change) }
            guard state.isOpen else { continue }
            raise(&floor.minimum, &floor.minimumFrom, to: window.minimum ?? 0, by: window)
            raise(&floor.headroom, &floor.headroomFrom, to: window.headroom ?? 0, by: window)
        }
        return floor
    }

    private static func raise(
        _ level: inout Int, _ names: inout [String], to asked: Int, by window: ScheduleWindow
    ) {
        guard asked > 0, asked >= level else { return }
        if asked > level { names = [] }
        level = asked
        names.append(window.title)
    }
}

extension PoolSnapshot {
    /// The capacity that there is to be whatever waits: the pool's own minimum, or what its windows ask for.
    var least: Int { max(scale.minCapacity, scheduled?.minimum ?? 0) }

    /// Why there is to be so much.
    var reasonOfLeast: PlanReason {
        guard let scheduled, scheduled.minimum > scale.minCapacity else { return .minimum(scale.minCapacity) }
        return .scheduled(
            minimum: scheduled.minimum, windows: scheduled.minimumFrom, until: scheduled.until)
    }
}
