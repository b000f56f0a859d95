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
    let clock: any WallClock
    let log: Log

    /// The providers, in the order written.
    var providers: [any CloudProvider] { configuration.providers.map(provider) }

    private func provider(_ settings: ProviderSettings) -> any CloudProvider {
        switch settings.kind {
        case .local(let local):
            LocalProvider(
                configuration: LocalProviderConfiguration(
                    id: settings.id, fleet: fleet, folder: local.folder ?? configuration.instances,
                    workerCommand: program.words, allowedUsers: Set(local.users)),
                clock: clock, log: log)
        case .docker(let docker):
            DockerProvider(
                configuration: docker.configuration(settings.id, fleet: fleet), client: client, clock: clock,
                log: log)
        case .static: StaticProvider(id: settings.id)
        }
    }
}
