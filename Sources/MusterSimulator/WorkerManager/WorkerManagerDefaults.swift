/// The times and counts that Taskcluster's worker-manager 106 and its workers have when nobody sets others.
///
/// They are facts about another program, not choices of this one; each names the source file that holds it.
public enum WorkerManagerDefaults {
    // MARK: Loops

    /// Between the end of a provisioning pass and the next one (`provisioner.js`). One pass goes through all
    /// pools in turn, so a service with many pools looks at each less often than this.
    public static let provisionWait = Duration.seconds(10)
    /// Between the end of a scan of the workers and the next one (`worker-scanner.js`).
    public static let scanWait = Duration.seconds(20)

    // MARK: Selection

    /// How long an error lowers its launch config's weight (`provisioner.js`): all of it, then nothing.
    public static let errorWindow = Duration.seconds(60 * 60)
    /// What the first launch config with room weighs when the weights of all have come to nothing
    /// (`launch-config-selector.js`).
    public static let lastResortWeight = 0.01

    // MARK: Calls

    /// How long a cloud's calls wait after it wanted fewer (the Google provider's `403`).
    public static let throttlePause = Duration.seconds(50)
    /// After so many refusals a call is given up (`cloudapi.js`).
    public static let throttledAttempts = 6

    // MARK: Lives

    /// How long a registered worker's credentials last (`provider.js`).
    public static let reregistrationTimeout = Duration.seconds(96 * 60 * 60)
    /// How long a worker may be silent in the queue (`provider.js`).
    public static let queueInactivityTimeout = Duration.seconds(2 * 60 * 60)
}
