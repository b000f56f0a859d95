import Glibc
import MusterClouds
import MusterCore
import MusterHTTP
import MusterRuntime

/// A cloud that several processes share: what it has given are the lines of a file.
///
/// It gives whatever it is asked for, running at once; a repeat of a launch gives the same again.
final class LedgerProvider: CloudProvider {
    let id: ProviderID
    let kind = "ledger"
    let timing = ProviderTiming(
        callDeadline: .seconds(5), lookUpDelay: .seconds(2), repeatWindow: .seconds(3_600))
    let realms = [Realm(id: "ledger")]
    func place() async throws(CloudError) -> String? { nil }
    private let path: String
    private let file: OwnedDescriptor

    /// Opens the file at `path`, and makes it when there is none.
    init(_ id: ProviderID, file path: String) throws(SystemError) {
        self.id = id
        self.path = path
        file = try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND)
    }

    func problems(in content: Document) -> [Problem] { [] }

    func offerings(of content: Document) -> [Offering] { [] }

    func output(of instanceID: String, in group: WorkerGroup) -> String? { nil }

    func render(_ order: LaunchOrder) throws(Problem) -> String { "\(order.poolID) \(order.count)" }

    func launch(_ call: LaunchCall) async -> LaunchOutcome {
        guard let entry = LedgerEntry("\(call.launchID) \(call.body)") else {
            let error = CloudError(.invalidConfig, cloudCode: "body", message: "no launch of this provider's")
            return .answered(instances: [], refusals: [LaunchRefusal(count: 1, error: error)])
        }
        do {
            // One write, which is whole among those of others at the file's end.
            try file.writeAll(Array((entry.line + "\n").utf8))
        } catch {
            return .unclear(CloudError(.network, cloudCode: "ledger", message: "\(error)"))
        }
        return .answered(instances: entry.instances, refusals: [])
    }

    func list(_ realm: Realm) async throws(CloudError) -> Listing {
        do {
            return Listing(try Ledger.read(path).entries.flatMap(\.instances))
        } catch {
            throw CloudError(.transient, cloudCode: "ledger", message: "\(error)")
        }
    }

    func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        LaunchFinding(instances: try await list().filter { $0.launchID == launch.id })
    }

    func instance(of worker: WorkerID, in group: WorkerGroup) async throws(CloudError) -> Instance? {
        try await list().first { $0.workerID == worker && $0.group == group }
    }

    func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        try TokenProof.prove(claim)
    }

    func contradiction(between identity: ProvenIdentity, and launch: SentLaunch) -> String? { nil }

    var callFigures: [CallFigures] { [] }

    func check() async -> [ProviderFinding] { [] }

    func validate(_ content: Document) async -> [ProviderFinding] { [] }

    /// They are never gone: what is launched is what is counted.
    func terminate(_ instanceIDs: [String]) async -> [String: CloudError] { [:] }

    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

    func shutDown() async {}
}
