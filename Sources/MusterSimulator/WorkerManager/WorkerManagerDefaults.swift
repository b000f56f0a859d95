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

    // MARK: Lives

    /// How long a requested worker may take to register. worker-manager has no default of its own, and
    /// without one only the silence in the queue ends a worker that never comes; pools set half an hour.
    public static let registrationTimeout = Duration.seconds(30 * 60)
    /// How long a registered worker's credentials last (`provider.js`).
    public static let reregistrationTimeout = Duration.seconds(96 * 60 * 60)
    /// How long a worker may be silent in the queue (`provider.js`).
    public static let queueInactivityTimeout = Duration.seconds(2 * 60 * 60)
    /// How seldom the queue writes down that it has heard a worker (`workerinfo.js`).
    public static let activityGranularity = Duration.seconds(30 * 60)
    /// How long a claim of a worker that died still counts as claimed, unless it is reported as removed.
    public static let claimTimeout = Duration.seconds(20 * 60)

    // MARK: Workers

    /// How long a worker waits for a task before it ends itself (generic-worker, `idleTimeoutSecs`); it has no
    /// default, and a quarter of an hour is what pools set.
    public static let idleTimeout = Duration.seconds(15 * 60)
    /// Between the starts of two of a worker's claims (generic-worker, `main.go`).
    public static let claimSpacing = Duration.seconds(5)
}
