/// The numbers that the docker provider goes by, each with its reason.
extension CloudPolicy {
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

    /// How long a container that was made and not started is left to whoever made it: several times what the steps
    /// between take with all their repeats, in this process or in one that is just being replaced.
    static let dockerUnstartedTime: Duration = .seconds(5 * 60)

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
