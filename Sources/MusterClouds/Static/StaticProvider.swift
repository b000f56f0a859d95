public import MusterCore
public import MusterHTTP

/// Workers that people make, on machines that nobody here starts or ends.
///
/// A worker is a row that somebody has written, with a secret; the machine registers with the secret whenever it
/// likes. There is nothing to launch, to list or to end.
public final class StaticProvider: CloudProvider {
    /// What a provider of static workers is called where kinds are.
    public static let kind = "static"

    public let id: ProviderID
    public var kind: String { Self.kind }
    public let timing = ProviderTiming(
        callDeadline: .seconds(1), lookUpDelay: .zero, repeatWindow: .zero)
    /// Nothing is ever listed: what a person has made is there until a person says otherwise.
    public let realms: [Realm] = []

    /// It has no instances of its own.
    public func place() async throws(CloudError) -> String? { nil }

    /// Makes a provider.
    public init(id: ProviderID) { self.id = id }

    /// Nothing is launched: all that a launch config can say is what its workers are told.
    public func problems(in content: Document) -> [Problem] {
        let reader = DocumentReader(content)
        if let settings = reader.document("workerConfig"), settings.kind != "an object" {
            reader.refuse("workerConfig", "must be an object, not \(settings.kind)")
        }
        reader.refuseUnknown()
        return reader.found
    }

    public func offerings(of content: Document) -> [Offering] { [] }

    public func output(of instanceID: String, in group: WorkerGroup) -> String? { nil }

    public func render(_ order: LaunchOrder) throws(Problem) -> String { throw Self.refusal }

    public func launch(_ call: LaunchCall) async -> LaunchOutcome {
        let error = CloudError(.invalidConfig, cloudCode: "static", message: Self.refusal.message)
        return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: error)])
    }

    private static let refusal = Problem(
        .inputInvalid, "workers of this provider are made by a person: muster worker create")

    public func list(_ realm: Realm) async throws(CloudError) -> Listing { Listing([]) }

    public func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        LaunchFinding(instances: [])
    }

    public func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        nil
    }

    /// The secret is the worker's for as long as it is there, so that the same proof registers it again and again.
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try StaticProof.prove(claim)
    }

    public func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }

    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] { [:] }

    public func check() async -> [ProviderFinding] {
        [
            ProviderFinding(
                "workers", .skipped, "workers of this provider are made by people: there is nothing to call")
        ]
    }

    public func validate(_ content: Document) async -> [ProviderFinding] {
        problems(in: content).map { ProviderFinding($0.field ?? "content", .bad, $0.message) }
    }

    public var callFigures: [CallFigures] { [] }

    public func changes() -> AsyncStream<Void> { AsyncStream { _ in } }

    public func shutDown() async {}
}
