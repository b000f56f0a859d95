public import MusterCore

/// What a worker has to know before it starts.
public struct WorkerConfiguration: Hashable, Sendable {
    /// Where the service is: `http://`, `https://`, or `http+unix://` with the socket's path percent-encoded.
    public var serviceURL: String
    /// Who it is.
    public var worker: WorkerKey
    /// The provider that launched it.
    public var providerID: ProviderID
    /// How many tasks it runs at once, unless the file `work-limit` in its folder says otherwise.
    public var workLimit: WorkLimit
    /// Where it keeps its tasks' folders and outputs. Its own: two workers cannot share one.
    public var folder: String
    /// The file with the one-time token; deleted once the worker is registered.
    public var tokenFile: String
    /// How long running tasks may take to finish after a signal.
    public var drainTime: Duration
    /// The environment that every task starts from.
    public var taskEnvironment: [String: String]

    /// Makes a configuration.
    public init(
        serviceURL: String, worker: WorkerKey, providerID: ProviderID, workLimit: WorkLimit, folder: String,
        tokenFile: String, drainTime: Duration = WorkerPolicy.drainTime,
        taskEnvironment: [String: String] = [:]
    ) {
        self.serviceURL = serviceURL
        self.worker = worker
        self.providerID = providerID
        self.workLimit = workLimit
        self.folder = folder
        self.tokenFile = tokenFile
        self.drainTime = drainTime
        self.taskEnvironment = taskEnvironment
    }
}
