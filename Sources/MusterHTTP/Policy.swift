/// The bounds and waits of HTTP calls, each with its reason.
public enum HTTPPolicy {
    /// Long enough for a slow cloud call, short enough that a pass over the pools does not hang on one.
    public static let timeout: Duration = .seconds(30)

    /// Three lost SYN packets (1 s, 2 s and 4 s apart) still fit; what takes longer is not there.
    public static let connectTimeout: Duration = .seconds(8)

    /// Larger than any page of a cloud's listing, small enough that a hostile answer cannot fill memory.
    public static let bodyLimit = 8 << 20

    /// Bytes that nobody acknowledges for so long went to somebody who is gone; longer than any connection takes.
    static let longestSilence: Duration = .seconds(15)

    /// Several times what a chatty answer carries.
    public static let headerLimit = 128

    /// Bytes of all header lines of an answer or of a request; servers commonly refuse more than this.
    public static let headerBytesLimit = 64 << 10

    /// Without a cap a thousand calls at once open a thousand connections, also where HTTP/2 needs one.
    public static let connectionsPerHost = 16

    /// Calls at once to a host whose connections carry many: as many as servers commonly allow on one.
    static let streamsPerHost = 100

    /// A lane may have so many times as many connections or streams of a host as are left for others: a lane alone
    /// then has most of them, and another one's call still goes out at once.
    static let laneShare = 3

    /// Hosts that are remembered and counted one by one: several times what a large fleet calls.
    static let hosts = 256

    /// Connections kept open over all hosts; past it the one unused for the longest is closed.
    public static let idleConnections = 64

    /// An unused connection older than this is not used again: common servers drop theirs after 60 s or
    /// more, and a call must not race with that.
    static let idleConnectionAge: Duration = .seconds(50)

    /// libcurl handles kept for the next call; each holds a few kilobytes.
    static let idleHandles = 64

    /// How long the loop sleeps when nothing is due; whoever posts to it wakes it.
    static let idleWait: Duration = .seconds(60)

    /// A poll that fails does so at once, and would fail again: this keeps the loop from spinning.
    static let pauseAfterFault: Duration = .milliseconds(100)

    /// No call may last longer; it also keeps every wait within what libcurl's milliseconds can hold.
    static let longestTimeout: Duration = .seconds(24 * 60 * 60)

    /// What `sockaddr_un` holds, less the closing zero.
    static let socketPathBytes = 107

    // Pacing.

    /// For a call to a cloud with all its waits and attempts: shorter than the time for which a pass may hang.
    public static let pacedDeadline: Duration = .seconds(25)

    /// As many as fit into that with their waits; what fails so often fails for longer than a call may take.
    public static let attempts = 5

    /// Faults that pass quickly are over by then, and the first wait is not felt.
    public static let backoffBase: Duration = .milliseconds(500)

    /// Longer waits would leave room for no other attempt.
    public static let backoffLongest: Duration = .seconds(10)

    /// What a server may ask for with one answer. Nothing of the kind is sent meanwhile, so that nobody would notice
    /// that it is over; whoever wants more says so again, to one call in five minutes.
    static let longestPause: Duration = .seconds(5 * 60)

    /// What holds after a refusal where no rate is known, until the pace is back: few calls, and steadily.
    static let cautiousRate = CallRate(burst: 20, perSecond: 20)

    /// The part of a rate that is left after many refusals: calls still tell when it gets better.
    static let slowestPace = 1.0 / 16

    /// Each success brings back so much of the pace: after a single refusal ten of them bring back all.
    static let paceStep = 0.05

    /// Labels of one kind's failures, and names of its notes: several times what one call has.
    static let failureLabels = 32
}
