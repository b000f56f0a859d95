public import MusterCore
public import MusterHTTP

/// A place where instances run.
///
/// Every call may be repeated: a launch with the same id gives the same instances, a termination of what is
/// gone succeeds. A listing is complete or it throws; what it could not see it names.
public protocol CloudProvider: Sendable {
    /// The name that pools use.
    var id: ProviderID { get }
    /// The kind of provider, as `GET /providers` shows it ("local").
    var kind: String { get }
    /// How long its calls take and what it remembers.
    var timing: ProviderTiming { get }
    /// What is listed by itself; fixed, and none where nothing is ever listed.
    var realms: [Realm] { get }

    /// Where its instances are: an account, a project, a resource group. One that is pointed elsewhere while it has
    /// instances would look for them where they never were. Nil where there is but one such place, or it cannot be
    /// told; asked before every listing, and so kept as long as the credentials are the same.
    func place() async throws(CloudError) -> String?

    /// What is wrong with a launch config's content; fields are paths within the content.
    func problems(in content: Document) -> [Problem]

    /// What a launch config's content can be launched as, by the names that this provider's errors of capacity and
    /// quota use; empty where none of them ever names anything. Pure.
    func offerings(of content: Document) -> [Offering]

    /// Where a person finds what an instance has written: a path on this machine or an address; nil where there is
    /// no such place. The instance may be gone. Pure.
    func output(of instanceID: String, in group: WorkerGroup) -> String?

    /// Writes the call that carries an order out: the bytes that are stored before they are sent.
    ///
    /// Pure: the same order gives the same bytes, and no secret is in them.
    func render(_ order: LaunchOrder) throws(Problem) -> String

    /// Sends a call, for the first time or again. Returns soon when its task is cancelled.
    func launch(_ call: LaunchCall) async -> LaunchOutcome

    /// Every instance of this fleet in one realm, also those whose launch nobody knows; never one of another
    /// fleet's. A listing that broke off midway throws. Each page of a long one is a step (`Progress`), so that whoever
    /// waits for it knows that it goes on.
    func list(_ realm: Realm) async throws(CloudError) -> Listing

    /// What came of a launch that may have been sent. Asked again and again for launches that are under way: what
    /// many ask for at one moment is one call.
    func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding

    /// The instance of this fleet whose worker has this name; nil when there is none.
    func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance?

    /// Verifies what a worker shows, without a call but for public keys that are kept.
    ///
    /// - Throws: `Problem` `registration-refused` with a reason that helps an operator and tells no secret;
    ///   `unavailable` when it should be tried again.
    func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity

    /// Why a proven identity cannot be that of an instance of this launch; nil when it fits. Pure.
    func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String?

    /// Asks for instances to be ended, without waiting for it; gives the errors by instance id.
    ///
    /// One that does not exist any more is no error.
    func terminate(_ instanceIDs: [String]) async -> [String: CloudError]

    /// What became of its calls since the process began, by kind; none where it makes none.
    var callFigures: [CallFigures] { get }

    /// Tries what it needs to work: credentials, permissions, quotas, the clock. Changes nothing.
    func check() async -> [ProviderFinding]

    /// Holds a launch config against the cloud, without launching.
    func validate(_ content: Document) async -> [ProviderFinding]

    /// Tells whenever an instance may have changed, so that a listing is worth while before its time.
    ///
    /// A hint only: providers without such a thing give a stream that never yields. One reader at a time.
    func changes() -> AsyncStream<Void>

    /// Lets go of threads and descriptors; instances go on running.
    func shutDown() async
}

/// How long a provider's calls take and what it remembers.
public struct ProviderTiming: Sendable {
    /// How long a launch call may take before its outcome counts as unclear; less than half a lease.
    public var callDeadline: Duration
    /// How long after a call was sent, by this process or one that has died, what it starts may be missing from
    /// a listing: the time that the call may still be on its way, and the cloud's own delay.
    public var lookUpDelay: Duration
    /// How long a repeated call with the same launch id is sure to be recognised.
    public var repeatWindow: Duration

    /// Makes a timing.
    public init(callDeadline: Duration, lookUpDelay: Duration, repeatWindow: Duration) {
        self.callDeadline = callDeadline
        self.lookUpDelay = lookUpDelay
        self.repeatWindow = repeatWindow
    }
}
