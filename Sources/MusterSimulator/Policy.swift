import MusterCore

/// The simulator's constants, each with its reason.
public enum SimulatorPolicy {
    /// The boot time that people ask about when they know none: a virtual machine with a prepared image.
    public static let bootMedian = Duration.seconds(120)
    /// Log-normal spread of boot times: nineteen of twenty lie within a factor of about two.
    public static let bootSigma = 0.4
    /// From asking a cloud to end an instance until it is no longer billed.
    public static let stoppingTime = Duration.seconds(30)
    /// How long a cloud takes to answer a call for instances.
    public static let answerTime = Duration.seconds(1)
    /// From the word that an instance will be taken back until it is, as the largest cloud gives it.
    public static let spotNotice = Duration.seconds(120)
    /// How many launch configs a simulated pool has.
    public static let configs = 4
    /// More than any workload that fits needs: the maximum decides only where somebody sets it.
    public static let maxCapacity = 100_000
    /// The fixed idle time of policies that have one, as Taskcluster's workers have it.
    public static let fixedIdleTime = Duration.seconds(15 * 60)
    /// Passes are so far apart at least. In production it is 20 ms; against boot times of minutes a second
    /// changes no decision that matters, and spares most of the passes of a busy pool.
    public static let passGap = Duration.seconds(1)
    /// A cloud that throttles without saying for how long is left alone for so long, as in production.
    static let throttlePause = Duration.seconds(2)
    /// A pass without any reason, as in production.
    public static let passInterval = Duration.seconds(30)
    /// After the last task workers idle on until their policy ends them; those that are still there after this
    /// are kept by a minimum, and end.
    public static let longestTail = Duration.seconds(24 * 3_600)
    /// When no task has begun or ended for so long, none ever will.
    public static let longestStall = Duration.seconds(3 * 86_400)
    /// Launches of so many instances must have gone to a share before it says anything.
    public static let recoverySample = 20
    /// A launch config has recovered when it gets this part of the share that its weight is worth: the rest is
    /// rounding and chance.
    public static let recoveredShare = 0.8
    /// Points of a series at most; a picture is some hundred pixels wide.
    public static let seriesPoints = 800
    /// Bytes: some ten million tasks.
    public static let largestTrace = 256 << 20
    /// Bytes of a file that describes what a simulated cloud does, or a whole scenario.
    public static let largestScript = 8 << 20
    /// Tasks that a generator makes at most.
    public static let generatedTasks = 1_000_000
    /// After so many events the caller is told how far it is: some hundredths of a second.
    public static let eventsPerReport = 20_000
}
