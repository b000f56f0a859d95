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
}
