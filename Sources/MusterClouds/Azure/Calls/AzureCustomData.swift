import MusterCore
import MusterCrypto
import MusterRuntime

/// What a machine is told: worker-manager's members, by which its workers find their service, and Muster's own.
struct AzureCustomData {
    private let document: Document

    init(
        _ call: AzureCall, _ name: WorkerID, _ configuration: AzureConfiguration, token: Secret<String>
    ) {
        document = .object([
            "workerPoolId": .string(call.pool.rawValue),
            "workerGroup": .string(call.location),
            "providerId": .string(configuration.id.rawValue),
            "rootUrl": .string(call.serviceURL),
            "launchConfigId": .string(call.launchConfig.rawValue),
            // Empty, as ever: the settings come with the answer to the registration.
            "workerConfig": .object([:]),
            "muster": .object([
                "url": .string(call.serviceURL), "workerId": .string(name.rawValue),
                "capacity": .integer(call.capacity), "launch": .string(call.launch.rawValue),
                "registrationToken": .string(token.reveal()),
            ]),
        ])
    }

    /// As Azure takes it.
    var encoded: Secret<String> { Secret(Base64.text(Array(document.canonicalJSON.utf8))) }
}
