import MusterClouds
import MusterCore
import MusterHTTP
import MusterRuntime

/// Makes the providers that the configuration enables.
struct ProviderWiring {
    let configuration: Configuration
    /// What tells this Muster's instances from another's.
    let fleet: String
    let program: WorkerProgramCommand
    let client: HTTPClient
    let environment: [String: String]
    let clock: any WallClock
    let log: Log

    /// The providers, in the order written.
    ///
    /// - Throws: `Problem` with the provider's field when one cannot be made as it is written.
    func providers() throws(Problem) -> [any CloudProvider] {
        var providers: [any CloudProvider] = []
        for settings in configuration.providers {
            do throws(Problem) {
                providers.append(try provider(settings))
            } catch {
                throw Problem(
                    error.code, error.message,
                    field: "providers.\(settings.id)\(error.field.map { ".\($0)" } ?? "")")
            }
        }
        return providers
    }

    /// Each cloud's calls are paced and counted for themselves.
    private var paced: PacedClient { PacedClient(client, clock: clock, seed: .random(in: 0 ... .max)) }

    private func provider(_ settings: ProviderSettings) throws(Problem) -> any CloudProvider {
        switch settings.kind {
        case .local(let local):
            return LocalProvider(
                configuration: LocalProviderConfiguration(
                    id: settings.id, fleet: fleet, folder: local.folder ?? configuration.instances,
                    workerCommand: program.words, allowedUsers: Set(local.users)),
                clock: clock, log: log)
        case .docker(let docker):
            return DockerProvider(
                configuration: docker.configuration(settings.id, fleet: fleet), client: client, clock: clock,
                log: log)
        case .static: return StaticProvider(id: settings.id)
        case .aws(let aws):
            return AWSProvider(
                configuration: aws.configuration(settings.id, fleet: fleet, environment: environment),
                client: client, paced: paced, clock: clock, log: log)
        case .google(let google):
            return try GoogleProvider(
                configuration: google.configuration(settings.id, fleet: fleet, environment: environment),
                client: client, clock: clock, seed: .random(in: 0 ... .max))
        case .azure(let azure):
            return try AzureProvider(
                configuration: azure.configuration(
                    settings.id, fleet: fleet,
                    secrets: SecretPlaces(configuration.sources.secrets, environment: environment),
                    environment: environment),
                client: paced, clock: clock, log: log)
        }
    }
}
