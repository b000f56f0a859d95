import MusterCore
import MusterCrypto

/// What a machine is told: worker-manager's members, by which its workers find their service, and Muster's own.
///
/// No secret is among it, since every task on the machine may be able to read it: the worker proves itself by the
/// document that Azure attests.
struct AzureCustomData {
    private let document: Document

    init(_ call: AzureCall, _ name: WorkerID, _ configuration: AzureConfiguration) {
        document = .object([
            "workerPoolId": .string(call.pool.rawValue),
            "workerGroup": .string(call.location),
            "providerId": .string((call.provider ?? configuration.id).rawValue),
            "rootUrl": .string(call.serviceURL),
            "launchConfigId": .string(call.launchConfig.rawValue),
            // Empty, as ever: the settings come with the answer to the registration.
            "workerConfig": .object([:]),
            "muster": .object([
                "url": .string(call.serviceURL), "workerId": .string(name.rawValue),
                "capacity": .integer(call.capacity), "launch": .string(call.launch.rawValue),
            ]),
        ])
    }

    /// As Azure takes it.
    var encoded: String { Base64.text(Array(document.canonicalJSON.utf8)) }
}
