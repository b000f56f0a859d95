import MusterAPI
import MusterCore
import MusterRuntime

@testable import MusterCommand

extension MusterFleet {
    /// The path of the worker that tests make by hand.
    static let staticWorker = APIPath.worker(
        WorkerKey(
            poolID: PoolID(rawValue: "test/hand"), group: WorkerGroup(rawValue: "rack"),
            id: WorkerID(rawValue: "mac-1")))

    /// Defines a pool whose workers people make, and makes one.
    func makeStaticWorker() async throws {
        let yaml =
            "workerPoolId: test/hand\nproviderId: hand\nconfig: {maxCapacity: 0, launchConfigs: [{}]}\n"
        let request = ApplyRequest(
            workerPools: [try YAML.document(Array(yaml.utf8))], prune: false, dryRun: false)
        _ = try await client().post(APIPath.apply, request, ApplyAnswer.self)
        _ = try await client().put(
            Self.staticWorker, StaticWorkerRequest(secret: "s3cret-of-the-first-machine"), WorkerDocument.self
        )
    }
}
