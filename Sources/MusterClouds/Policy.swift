/// The numbers that providers go by, each with its reason.
public enum CloudPolicy {
    /// How long a local instance has to end after it was asked to: what service managers give.
    public static let localTerminationGrace: Duration = .seconds(30)

    /// How long a local instance that is gone is remembered, with its folder and its output: long enough
    /// to look into what failed before a weekend. A repeated launch is recognised for as long.
    public static let localRetention: Duration = .seconds(3 * 86_400)

    /// How long a local launch may take: a hundred processes, each with a few synced writes, on a slow disk.
    static let localCallDeadline: Duration = .seconds(20)

    /// How long a local launch waits while another process starts instances in the same folder: a few such
    /// launches.
    static let localTurnPatience: Duration = .seconds(2)

    /// How often it looks whether it is its turn: a process takes about as long to be started.
    static let localTurnRetry: Duration = .milliseconds(10)

    /// How long after a local launch nobody concludes anything from what is not there. Short, since a call that
    /// is still on its way holds a lock that a repeat meets, and one whose process died is over.
    static let localLookUpDelay: Duration = .seconds(2)

    /// How many folders one listing puts away, so that no listing takes long.
    static let localFoldersPutAwayAtOnce = 50

    /// How often the process table is gone through for processes that were started while an instance was being
    /// killed. Each time finds only what is new, so that more are needed only for something that forks without end.
    static let localSweepRounds = 20

    /// How often a folder that is being removed is gone through. Each time takes one level away, and
    /// nobody's folders are this deep unless something fills them while they are removed.
    static let localRemovalRounds = 10_000

    /// How long a container has to end after it was asked to: what local instances have.
    public static let dockerStopTime: Duration = localTerminationGrace

    /// How long a container that has ended is kept: until the next day, since it takes up the disk.
    public static let dockerRetention: Duration = .seconds(86_400)

    /// How long a launch is waited for before it counts as accepted: two dozen containers are started by then, and
    /// an image that is fetched may take minutes.
    static let dockerLaunchPatience: Duration = .seconds(15)

    /// How long a call of the engine may take. On a busy disk it takes seconds to make a container.
    static let dockerCallDeadline: Duration = .seconds(20)

    /// How long a launch nobody concludes anything from what is not there: the call's own time.
    static let dockerLookUpDelay: Duration = .seconds(5)

    /// How long an image may take to be fetched: ten gigabytes at a hundred megabits a second.
    static let dockerPullDeadline: Duration = .seconds(15 * 60)

    /// How many images are fetched at once; each fetches several layers at once by itself.
    static let dockerPullsAtOnce = 2

    /// How many containers are made at once: more only wait for the same disk.
    static let dockerStartsAtOnce = 4

    /// How many containers are looked into, ended or removed at once.
    static let dockerCallsAtOnce = 8

    /// How often a call whose answer was lost is sent again; each is recognised by the container's name.
    static let dockerTries = 3

    /// What is waited before it is.
    static let dockerRetryDelay: Duration = .milliseconds(500)

    /// How long the engine's answer is waited for when a container is asked to end: it comes when the container has
    /// ended, and the engine ends it without anybody who waits.
    static let dockerStopPatience: Duration = .seconds(2)

    /// How many containers that have ended one listing looks into, and how many it removes, so that none takes long.
    static let dockerEndedAtOnce = 50

    /// Bytes of a listing: tens of thousands of containers.
    static let dockerListingLimit = 64 << 20

    /// Bytes of what a pull says of its progress: an hour of it.
    static let dockerProgressLimit = 64 << 20

    /// Launches whose end is remembered until somebody looks.
    static let dockerLaunchesRemembered = 1_000

    /// How far the engine's clock may be off before it is said: log lines and ages would mislead.
    static let dockerClockTolerance: Duration = .seconds(5)
}
