import MusterCore

/// What the configuration takes, and what holds when it says nothing.
enum ConfigurationPolicy {
    /// A configuration of a thousand providers has a tenth of this.
    static let largestFile = 1 << 20

    /// Definitions are some kilobytes each, and ten thousand launch configs of one file are a mistake.
    static let largestPoolFile = 8 << 20

    /// A unix socket's path has 108 bytes with its final zero (`sun_path`).
    static let longestSocketPath = 107

    /// A user's name, as `useradd` takes it.
    static let longestUserName = 32

    /// Calls a minute that a cloud takes: from one in a while to more than any project has been given.
    static let callsPerMinute = 1...1_000_000

    /// Seconds that a container has to end: from none to an hour, for tasks that must be finished.
    static let dockerStopTimes = 0.0...3_600.0

    /// Seconds for which a container that has ended is kept: the least is longer than a launch may be on its way,
    /// so that a repeat finds the name taken; the most is a month.
    static let dockerRetentions = 300.0...2_592_000.0

    /// Seconds between two passes of a pool of which nothing is heard: events wake a pass at once, so this
    /// only bounds how long a missed one goes unnoticed.
    static let passInterval = Duration.seconds(30)
    /// Seconds between two looks at what a cloud really runs: often enough that a dead instance is replaced
    /// within a minute, seldom enough for the clouds' rate limits.
    static let reconcileInterval = Duration.seconds(15)
    /// Seconds for which a process that shares its database counts as there after it was last heard of: long
    /// against a pass, short against the patience of whoever waits for a dead one's pools.
    static let leaseTime = Duration.seconds(60)
    /// The least is longer than calls of clouds and deliveries of events may take, the most a quarter of an hour
    /// in which nobody works on a dead one's pools.
    static let leaseTimes = 20.0...900.0
    /// The least keeps a loop from spinning, the most keeps it from being as good as off.
    static let intervals = 0.1...3_600.0

    /// Seconds for which what has ended is kept: a week, in which people still ask what happened.
    static let historyRetention = Duration.seconds(604_800)
    /// Seconds for which events are kept for sinks that cannot be reached: a long week-end.
    static let eventRetention = Duration.seconds(259_200)
    /// Seconds for which it is kept who changed what: a year, as auditors ask.
    static let auditRetention = Duration.seconds(31_536_000)
    /// From a second, for trying it out, to ten years.
    static let retentions = 1.0...315_360_000.0
    /// Plans kept per pool: half an hour of passes.
    static let planRetention = 50
    /// A plan takes some kilobytes, so the most is some megabytes per pool.
    static let planRetentions = 1...1_000
}

/// The service's constants, each with its reason.
enum ServicePolicy {
    /// Bytes of a replica's name: a host's name and some numbers.
    static let longestReplicaName = 300
    /// A command that works on the database itself is done in a moment.
    static let holderPatience = Duration.seconds(3)
    /// A local launch takes milliseconds and a cloud's call half a minute at most: longer and a service manager
    /// would kill.
    static let settleTime = Duration.seconds(20)
    /// What is being answered is answered in well under this; long polls are let go at once.
    static let answerTime = Duration.seconds(5)
    /// A copy of a hundred gigabytes takes half of it.
    static let upkeepTime = Duration.seconds(3_600)
    /// Bytes: ten thousand tasks of two kilobytes, with room.
    static let bulkBody = 32 << 20
}

/// The constants of scheduled runs, each with its reason.
enum RunPolicy {
    /// A command that works on the database is done sooner; whoever holds it longer does the work.
    static let holderPatience = Duration.seconds(1)
    /// A cloud's call takes half a minute at most; a timer of a minute is not held up for long.
    static let settleTime = Duration.seconds(60)
}

/// The command's constants, each with its reason.
enum ClientPolicy {
    /// A line of progress a second or so.
    static let rowsPerLine = 50_000
    /// A service that has just been started answers within a second.
    static let startPatience = Duration.seconds(5)
    /// How often is looked whether it does.
    static let startInterval = Duration.milliseconds(100)
    /// The service answers in milliseconds; a submission of ten thousand tasks takes a second or two.
    static let timeout = Duration.seconds(60)
    /// A little longer than the service takes at most, whose answer says more than a silence.
    static let upkeepTimeout = ServicePolicy.upkeepTime + .seconds(60)
    /// Whether a service is there at all is answered without a look at its store.
    static let probeTimeout = Duration.seconds(5)
    /// Bytes: the longest answer is a listing of a thousand tasks with their payloads.
    static let answerLimit = 64 << 20
    /// Elements of a listing when nobody has said how many: some screens.
    static let listingLimit = 100
    /// Elements of a listing at most: a million lines are for no reader, and fit in memory.
    static let longestListing = 1_000_000
    /// Elements that are asked for at once.
    static let pageSize = 1_000
    /// Workers of one id that are named when it is not unique.
    static let namesakes = 10
    /// Seconds for which `events --follow` and `limit acquire --wait` ask the service to wait: well below
    /// `timeout`.
    static let followWait = 25
    /// How often `events --follow` looks whether a service that has gone is back: a person waits for it.
    static let followRetry = Duration.seconds(1)
    /// How often `--wait` looks: a person does not see the difference to at once.
    static let waitInterval = Duration.milliseconds(200)
}

/// What `muster simulate` takes.
enum SimulatePolicy {
    /// More launch configs than any pool has that people wrote.
    static let mostConfigs = 100
    /// As a launch config's definition bounds it.
    static let mostCapacity = 10_000
    /// Seconds, up to a day: longer boots or endings are a mistake of units.
    static let times = 0.0...86_400.0
    /// Beyond this, boot times differ by factors of millions.
    static let sigmas = 0.0...5.0
}

/// The numbers that `muster decide` goes by, each with its reason.
enum DecidePolicy {
    /// Bytes: a pool of a thousand launch configs with all that can be said of them is a tenth of it.
    static let longestText = 8 << 20
    /// Bytes that are read at once.
    static let chunk = 65_536
}
