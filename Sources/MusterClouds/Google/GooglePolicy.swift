/// The numbers that the Google provider goes by, each with its reason.
enum GooglePolicy {
    /// How long before its end a token is fetched anew. The metadata server gives another one only when less than
    /// five minutes are left, so that asking earlier brings the same.
    static let tokenRefreshBefore: Duration = .seconds(4 * 60)

    /// How long an assertion and an impersonated account's token live: the most that Google grants to everybody.
    static let tokenLifetimeSeconds: Int64 = 3_600

    /// How long fetching a token may take with its repeats: callers have twenty seconds for all they do.
    static let tokenDeadline: Duration = .seconds(10)

    /// Bytes of a credentials file or of a subject token: real ones have three thousand.
    static let credentialBytes = 64 << 10

    /// How long a launch may take, with all its calls and their repeats.
    static let callDeadline: Duration = .seconds(20)

    /// How long the calls of one launch, or of one round of deletions, may take together: shorter than what the
    /// engine waits, so that what there is no time for is said to be held, and not unclear.
    static let roundTime: Duration = .seconds(18)

    /// What must be left of that for another call to be sent.
    static let shortestCall: Duration = .seconds(2)

    /// How long a page of the insertions may take that a bulk insertion was made of: they tell reasons alone, and
    /// other launches of the region wait for the same look.
    static let partTime: Duration = .seconds(10)

    /// How long a deletion may take with its repeats: it is repeated in half a minute anyway, and others of its zone
    /// wait for it.
    static let deletionTime: Duration = .seconds(6)

    /// After so many deletions in a row that came to no answer a zone is left alone until the next round: more of
    /// them would only use up the region's quota.
    static let deletionsUnanswered = 4

    /// Calls may be on their way for their deadline, and are listed within seconds of their answer.
    static let lookUpDelay: Duration = .seconds(30)

    /// How long a repeated request id is taken to be recognised. Google promises it and names no time; what it
    /// says of its APIs in general is an hour. A sixth of that keeps clear of everything that may be counted
    /// differently; whatever comes later is decided by names alone.
    static let repeatWindow: Duration = .seconds(10 * 60)

    /// Inserts, deletions and look-ups that are under way at once: enough to use the rate below at a latency of
    /// half a second.
    static let callsAtOnce = 16

    /// What is added to the end of a minute in which there were too many calls: Google's clock and ours differ.
    static let windowMargin: Duration = .seconds(1)

    /// Entries of a page: the most that Google gives.
    static let pageSize = 500

    /// Pages of one listing: more are an error of the cloud's, such as a token that leads back.
    static let pages = 1_000

    /// Launches, operations or groups that one filter names; past it a listing is read without such a filter. Keeps
    /// addresses under two thousand bytes.
    static let filterTerms = 15

    /// How long look-ups wait for others to share their listing: what asks in one moment does so within it, and
    /// nobody notices it.
    static let gatheringTime: Duration = .milliseconds(20)

    /// How much earlier than a launch was planned its operations are looked for: clocks differ.
    static let clockTolerance: Duration = .seconds(5 * 60)

    /// Launches whose refusals this process remembers until somebody looks them up: a burst of several passes.
    static let rememberedLaunches = 2_000

    /// Instances of one bulk insertion: Google's limit.
    static let instancesPerCall = 5_000

    /// Bytes of all metadata of an instance: Google's limit is 512 KiB, with the names.
    static let metadataBytes = 500_000

    /// How far the clock may be off before Google's tokens are at risk: assertions are taken for a few minutes
    /// around their time.
    static let clockWarning: Duration = .seconds(30)
    static let clockBound: Duration = .seconds(5 * 60)

    /// The part of a quota from which on `muster provider check` warns.
    static let quotaWarning = 0.8
}
