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
    /// The file with what it proves itself by.
    public var proof: ProofFile
    /// How long running tasks may take to finish after a signal.
    public var drainTime: Duration
    /// The environment that every task starts from.
    public var taskEnvironment: [String: String]

    /// Makes a configuration.
    public init(
        serviceURL: String, worker: WorkerKey, providerID: ProviderID, workLimit: WorkLimit, folder: String,
        proof: ProofFile, drainTime: Duration = WorkerPolicy.drainTime,
        taskEnvironment: [String: String] = [:]
    ) {
        self.serviceURL = serviceURL
        self.worker = worker
        self.providerID = providerID
        self.workLimit = workLimit
        self.folder = folder
        self.proof = proof
        self.drainTime = drainTime
        self.taskEnvironment = taskEnvironment
    }
}

/// The file with what a worker proves itself by: one word.
public enum ProofFile: Hashable, Sendable {
    /// The one-time token of a worker that was launched; deleted once the worker is registered.
    case token(String)
    /// The secret of a worker that a person made. It stays, since the worker proves itself by it again and again.
    case secret(String)

    /// Where it is.
    public var path: String {
        switch self {
        case .token(let path), .secret(let path): path
        }
    }
}
