import MusterCore
import MusterHTTP
import MusterRuntime

/// Looks up what came of launches, and removes what is left of machines that failed.
///
/// What one machine meets, such as an error or a deletion that is refused, is never the launch's: the others are
/// found all the same.
struct AzureFinder: Sendable {
    let api: AzureAPI
    let inventory: SharedReading<AzureInventory>
    let memory: AzureMemory
    let failures: FailedMachines
    let parts: AzureParts

    func find(_ launch: SentLaunch) async throws(CloudError) -> LaunchFinding {
        guard let call = AzureCall(text: launch.body), call.launch == launch.id else {
            throw CloudError(
                .invalidConfig, cloudCode: "stored-call",
                message: "the stored call is not one of this launch's")
        }
        if let error = call.misplaced(at: api.configuration) { throw error }
        let look = try await inventory.recent()
        let round = AzureRound(api.clock)
        let findings = await Concurrently.map(call.names, atOnce: CloudPolicy.azureCallsAtOnce) { name in
            let one = AzureMachineLook(
                name: name, call: call, plannedAt: launch.plannedAt, inventory: look, round: round,
                finder: self)
            return await one.find()
        }
        return AzureMachineLook.Finding.sum(findings)
    }
}
