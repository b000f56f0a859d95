/// What goes wrong with a fake Azure, each as a probability from 0 to 1.
public struct AzureFaults: Sendable {
    /// A machine is refused at once for want of room.
    public var refusals = 0.0
    /// A machine is taken, fails while it is made, and leaves its parts.
    public var failures = 0.0
    /// A call is answered with status 429.
    public var throttled = 0.0
    /// A call is done, and the connection closed without an answer.
    public var lostAnswers = 0.0
    /// A call arrives twice; the second answer is given.
    public var duplicates = 0.0
    /// A call is done, and half of the answer is sent.
    public var halfAnswers = 0.0
    /// A call is done, and the answer comes late.
    public var lateAnswers = 0.0
    /// How late, in microseconds of real time.
    public var lateness: UInt32 = 20_000
    /// A call is answered with status 503 and not done.
    public var outages = 0.0
    /// A machine that is removed leaves a part behind.
    public var leftovers = 0.0
    /// A machine that is refused at once leaves its interface behind.
    public var refusedLeftovers = 0.0

    /// Nothing goes wrong.
    public init() {}
}
