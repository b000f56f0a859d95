/// The numbers that the AWS provider goes by, each with its reason.
extension CloudPolicy {
    /// How long before their end AWS credentials are fetched anew: what AWS's own programs do.
    static let awsCredentialsRefresh: Duration = .seconds(300)

    /// How often keys without an end are read again, so that replaced ones are found without a restart.
    static let awsCredentialsRecheck: Duration = .seconds(900)

    /// Bytes of a file or an answer with credentials: a few kilobytes, with room.
    static let largestCredentialsFile = 256 << 10

    /// How many profiles may lead from one to the next.
    static let longestRoleChain = 8

    /// A metadata service is on the machine or beside it: where nobody answers within a second, there is none.
    static let metadataConnectTimeout: Duration = .seconds(1)

    /// One that is there is answered by in milliseconds; a new role takes it seconds.
    static let metadataTimeout: Duration = .seconds(5)

    /// A token service answers in tenths of a second, and a launch that waits for it tries another region's then.
    static let tokenServiceTimeout: Duration = .seconds(5)

    /// Where nobody answers for so long, another region's is asked.
    static let tokenServiceConnectTimeout: Duration = .seconds(3)

    /// Characters below which a secret is not looked for in a text: AWS's have 40 and more.
    static let shortestSecret = 16

    /// Bytes of a cloud's code and sentence that are kept: AWS's longest codes have 60.
    static let longestCloudCode = 128
    static let longestCloudMessage = 1_000

    /// How long a call may take with all its waits and attempts: less than a launch may take in all.
    static let awsCallDeadline: Duration = .seconds(20)

    /// How long one attempt may take: EC2 answers large launches within ten seconds.
    static let awsAttemptTimeout: Duration = .seconds(15)

    /// How long a launch may take: two calls one after the other, where one market falls back to another.
    static let awsLaunchDeadline: Duration = .seconds(25)

    /// What must be left of a launch's time for another call to be worth while.
    static let awsShortestCall: Duration = .seconds(2)

    /// How long EC2 may take until a listing shows what a call has made: minutes have been seen, seconds are usual.
    static let awsLookUpDelay: Duration = .seconds(90)

    /// How long a repeated call is sure to be recognised. EC2 promises no time for its tokens and keeps them for
    /// longer; whatever is older is looked up instead.
    static let awsRepeatWindow: Duration = .seconds(600)

    /// Bytes of an answer: a page of a thousand instances has 5 MB.
    static let largestAWSAnswer = 32 << 20

    /// How many instances one call asks for: AWS's advice is several calls instead of one large one.
    static let mostInstancesPerCall = 500

    /// How many instances a page of a listing has: the most that EC2 gives.
    static let awsPage = 1_000

    /// How many pages a listing follows: a million instances; a list that does not end is none.
    static let mostAWSPages = 1_000

    /// How many instances are ended by one call: the most that EC2 takes.
    static let mostTerminationsPerCall = 1_000

    /// How many calls it may take to find the instances for which such a call is refused: enough for three of a
    /// thousand when EC2 names none.
    static let mostCallsPerTermination = 64

    /// Bits of the keys that sign identity documents of the form `rsa2048`.
    static let awsDocumentKeyBits = 2_048

    /// How many launches one look-up names: the most values that a filter takes.
    static let mostLaunchesPerLookUp = 200

    /// How long look-ups wait for others, to be one call.
    static let awsLookUpGathering: Duration = .milliseconds(25)

    /// How often the checks of instances are looked at, one question at a time: a listing is no more than one call
    /// the dearer for it.
    static let awsStatusInterval: Duration = .seconds(10)

    /// For how long what the checks said is passed on when they cannot be seen any more.
    static let awsStatusMemory: Duration = .seconds(300)

    /// How long a look at the checks may take: a page, and as many again in a region that is slow.
    static let awsStatusDeadline: Duration = .seconds(15)

    /// How long after its beginning a listing waits for the checks, which are asked at the same time.
    static let awsStatusPatience: Duration = .seconds(5)

    /// How often launch templates are looked through for those that nobody needs any more.
    static let awsTemplateCare: Duration = .seconds(3_600)

    /// How long that may take: the next time goes on where it has ended.
    static let awsTemplateCareDeadline: Duration = .seconds(120)

    /// For how long a template that nobody has used is kept: a config that launches rarely makes it anew then.
    static let awsTemplateRest: Duration = .seconds(7 * 86_400)

    /// How far what stands at a template may be behind its last use: much less than it is kept for.
    static let awsTemplateNote: Duration = .seconds(86_400)

    /// How often it is tried to write that down.
    static let awsTemplateNoteRetry: Duration = .seconds(60)

    /// How far a clock may be off before it is worth a word; AWS refuses what is five minutes off.
    static let awsClockTolerance: Duration = .seconds(60)
}
