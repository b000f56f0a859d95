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

    /// How long credentials that could not be fetched are left alone: long enough that a metadata service in
    /// trouble is not asked by every call, short enough that an operator who mends it sees the effect.
    static func credentialsPause(after failures: Int) -> Duration {
        .seconds(1 << min(max(failures, 1) - 1, 6))
    }

    /// How old credentials must be for a refusal to have them fetched anew: what was fetched a moment ago
    /// and is refused is refused for another reason.
    static let youngestRefusedCredentials: Duration = .seconds(30)

    /// Bytes of a secret or of a one-time token that a proof shows: several times what anybody makes.
    static let secretBytes = 1_024

    /// Bytes of a proof's nonce: twice what a worker makes.
    static let nonceBytes = 128

    /// Bytes of a proof's document, signature or token in Base64: the clouds' have 1 to 10 KB.
    static let proofBytes = 64 * 1_024

    /// How long after its instance was started an AWS identity document is taken. It is never signed anew while
    /// the instance runs, so that this is how long its first registration may take: no boot takes a day, and one
    /// that was found in an old disk or log is worth nothing.
    public static let awsDocumentAge: Duration = .seconds(86_400)

    /// How far a cloud's clock may be ahead of this machine's: clocks with a time service are within a second,
    /// those whose service has just started within some.
    public static let clockSkew: Duration = .seconds(60)

    /// How often at most a cloud's keys are fetched because a token names one that is not among them. They change
    /// once in days, and anybody can make up a name.
    static let unknownKeyInterval: Duration = .seconds(60)

    /// How long after a fetch of keys that failed the next one waits: as registrations wait for it, briefly.
    static let failedKeysInterval: Duration = .seconds(5)

    /// For how long fetched keys are kept, whatever the answer says: not so briefly that each registration would
    /// fetch them, nor so long that a key that was withdrawn is believed for days.
    static let keysLifetime: ClosedRange<Duration> = .seconds(60)...(.seconds(86_400))

    /// How long a fetch of keys may take: a worker waits for it.
    static let keysTimeout: Duration = .seconds(10)
}
