/// The constants of Muster's decisions, each with its reason.
public enum DecisionPolicy {
    /// A quarter of an hour: an outage is forgotten within the hour, and one bad minute is not yet an outage.
    public static let healthHalfLife = Duration.seconds(15 * 60)
    /// The same as a number: every decision divides by it, for each launch config.
    static let healthHalfLifeMilliseconds = Double(healthHalfLife.milliseconds)
    /// As if this many launches of unknown outcome had gone before: a single failure is no verdict.
    public static let healthPrior = 2.0
    /// One refused call for a hundred instances has one cause, not a hundred.
    public static let failuresPerCall = 5
    /// Above this part of failures a launch config is in trouble. One failure of an unknown one is not above it; of one
    /// of which half fails, too much does to launch from it as long as there are others.
    public static let troubleRatio = 0.35
    /// Two hours: demand that comes in bursts an hour apart would find an outage with all its strength each time, and
    /// the way back takes seconds anyway.
    public static let cautionLasts = healthHalfLife * 8
    /// The same as a number.
    static let cautionLastsMilliseconds = cautionLasts.milliseconds
    /// Where others can launch, what is in trouble is tried again after so long at first: what fails for longer than a
    /// minute mostly does so for many.
    public static let firstRest = Duration.seconds(60)
    /// The minute doubled three times. Whenever an outage ends, the first try after it is so late at most; trust
    /// comes back in seconds then, so that a launch config has its share again within ten minutes.
    public static let longestRest = Duration.seconds(8 * 60)
    /// Where nothing else can be launched: with the two failures that make it rest at first, one second.
    public static let shortestRest = Duration.milliseconds(250)
    /// As long as there is demand and nothing else can be launched, what is in trouble is tried every two minutes at the
    /// longest.
    public static let longestRestAlone = Duration.seconds(120)
    /// So long at most does a try hold up the next one whose outcome nobody knows.
    public static let longestWait = Duration.seconds(120)
    /// Without a failure trust doubles in so long by itself: demand that comes in bursts, minutes apart, gives few
    /// occasions to prove it. Where half goes on failing each doubling costs, and more with the next burst.
    public static let quietDoubling = Duration.seconds(4 * 60)
    /// One proof may have been luck, where half fails: the doubling after it takes so much longer.
    static let doublingsForLuck = 1.0
    /// The same as a number.
    static let quietDoublingMilliseconds = Double(quietDoubling.milliseconds)
    /// More would not change the rest, which is bounded long before.
    static let mostSetbacks = 16
    /// More would not change the rest, which is bounded long before.
    public static let restDoublings = 16.0
    /// A launch config under an allowance is trusted wholly again when more than so many would be tried at a time: by
    /// then as many have succeeded.
    public static let fullTrust = 32
    /// What a new launch config may begin with: this part of what it replaces.
    public static let canaryPart = 10
    /// So many workers in a row that run and never come to work are an image that does not work.
    public static let silentBeforeSuspension = 10
    /// What is never tried can never be seen to recover.
    public static let weightFloor = 0.02
    /// A termination that the cloud lost must not cost hours; a cloud that is slow must not be flooded.
    public static let terminationRepeat = Duration.seconds(30)
    /// Long enough to finish a usual task, short against credentials that last days.
    public static let drainBeforeExpiry = Duration.seconds(30 * 60)
    /// After so many sendings without an instance something is wrong that one more will not mend.
    public static let launchAttempts = 3
    /// The clouds' own operations end within minutes; one that has not by then may never say how it ended.
    static let longestUnderWay = Duration.seconds(30 * 60)
    /// Demand older than this says nothing of now.
    public static let demandStaleness = Duration.seconds(2 * 60)
    /// Every slot of a pool replaced once a minute: more is a fault that launches without end.
    public static let replacementsPerHour = 60
    /// The window of the brake on instances.
    public static let brakeWindow = Duration.seconds(60 * 60)
    /// An hour of waiting is worth so many hours of an idle worker. On recorded weeks of CI tasks wait about as long
    /// with it as with a fixed idle time of a quarter of an hour, for an eighth less (docs/concepts/decisions.md).
    public static let waitValue = 3.0
    /// To have kept a worker is worth twice the wait it saves: with as much waiting and as many hours, a fifth of the
    /// launches are spared on the recorded weeks.
    static let keepingWorth = 2.0
    /// What a virtual machine with a prepared image takes to come, until it is known better.
    public static let unknownBoot = Duration.seconds(120)
    /// Local workers come within a second: within less than this a rise is noise, and samples would be many.
    static let shortestLead = Duration.seconds(10)
    /// So many samples within a lead time: more would say the same again.
    static let samplesPerLead = 16
    /// Bursts of the same kind are some hours apart at most, and yesterday is another day.
    static let longMemory = Duration.seconds(2 * 60 * 60)
    /// Within a quarter of an hour a new time of day shows.
    static let shortMemory = Duration.seconds(15 * 60)
    /// How much of the judgement the short memory has: measured on the recorded weeks.
    static let shortMemoryPart = 0.3
    /// Four lead times: less is an anecdote.
    static let samplesToTrust = Double(4 * samplesPerLead)
    /// Numbers so far apart say nothing of what was in between.
    static let longestSilence = Duration.seconds(15 * 60)
    /// Over so many samples, two lead times, it is averaged how much ran.
    static let runningRemembered = Double(2 * samplesPerLead)
    /// Half-lives after which weights are brought back to one: far from where numbers end.
    static let histogramGrowth = 64.0
    /// What weighs less than this changes no quantile.
    static let histogramTrace = 1e-6
    /// A new image's times count fully after so many workers.
    static let bootsRemembered = 32
    /// An idle worker that nothing justifies is kept for so long all the same: the next task often follows the last.
    public static let leastIdleTime = Duration.seconds(30)
    /// One call for more than this would be split by most clouds.
    public static let instancesPerLaunch = 1_000
    /// Sums that are enumerated where instances bring unequal capacity: a millisecond's work, and enough for units
    /// up to some two hundred steps of what all are multiples of. Beyond that, and only where much is missing, a sum may
    /// be missed for the next.
    static let sumsTried = 1 << 17
    /// So many instances of a kind are exchanged for others at most to come to a sum near the shares; beyond that the
    /// fewest instances decide.
    static let instancesExchanged = 64
    /// More instances than any pool may have.
    static let instancesAtOnce = 1_000_000
    /// A pass looks at so many idle workers at most; the next pass sees the rest.
    public static let retirementsPerPass = 200
}

/// 2^-x, for fading counts. `x` is not negative.
///
/// The power of the whole part is exact; the fraction's is a polynomial with an error below 1e-9, so that
/// every platform gives the same plan.
func halving(_ x: Double) -> Double {
    guard x < 1_000 else { return 0 }
    let whole = x.rounded(.down)
    let logarithm = -(x - whole) * 0.693_147_180_559_945_3
    // The series of the exponential function, innermost term first.
    var sum = 1.0
    for inverse in inverses { sum = 1 + logarithm * inverse * sum }
    return sum * Double(bitPattern: UInt64(1_023 - Int(whole)) << 52)
}

/// 1/12, 1/11, ..., 1.
private let inverses: [Double] = (1...12).reversed().map { 1 / Double($0) }
