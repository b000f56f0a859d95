import MusterAPI
import MusterClouds
import MusterCore
import MusterCrypto
import MusterEngine
import MusterRuntime
import MusterStore

/// The providers, and whether they and what is launched of them work.
struct ProviderRoutes {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    var routes: [Route] {
        [
            Route("listProviders", "GET", "/api/muster/v1/providers", .localOperator, list),
            Route(
                "checkProvider", "POST", "/api/muster/v1/providers/{providerId}/check", .localOperator, check),
            Route(
                "forgetProvider", "POST", "/api/muster/v1/providers/{providerId}/forget", .localOperator,
                forget),
            Route(
                "validateLaunchConfigs", "POST", "/api/muster/v1/launch-configs/validate", .localOperator,
                validate),
        ]
    }

    private func list(_ call: Call) async throws -> ServerResponse {
        let providers = try await engine.providers()
        return .document(
            ProvidersAnswer(
                providers: providers.map {
                    ProviderDocument(providerId: $0.id, kind: $0.kind, workerPools: $0.pools)
                }))
    }

    private func check(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        let id = try call.identifier("providerId", ProviderID.self)
        call.request.watchForHangUp()
        let (kind, findings) = try await engine.check(id)
        return .document(
            ProviderCheckAnswer(providerId: id, kind: kind, findings: findings.map(FindingDocument.init)))
    }

    private func forget(_ call: Call) async throws -> ServerResponse {
        try call.requireNoBody()
        let id = try call.identifier("providerId", ProviderID.self)
        let forgotten = try await engine.control.forget(provider: id, by: call.actor)
        return .document(
            ForgetProviderAnswer(providerId: id, workers: forgotten.workers, launches: forgotten.launches))
    }

    /// Either pools that are defined, by the name of one, or definitions that need not be.
    private func validate(_ call: Call) async throws -> ServerResponse {
        let reader = DocumentReader(try JSON.document(call.request.body))
        let pool = reader.identifier("workerPoolId", PoolID.self)
        let elements = reader.list("workerPools", limit: 1_000)
        if !reader.has("workerPoolId"), !reader.has("workerPools") {
            reader.refuse("workerPoolId", "or workerPools must be given")
        }
        try reader.finish()
        var definitions: [PoolDefinition] = []
        var problems: [Problem] = []
        for element in elements ?? [] {
            do {
                definitions.append(
                    try PoolDefinition(element.document, path: element.path, digest: SHA256.hash))
            } catch {
                problems += error.all
            }
        }
        if let problems = Problems(problems) { throw problems }
        call.request.watchForHangUp()
        var validated: [ValidatedLaunchConfig] = []
        if let pool {
            let (provider, configs) = try await engine.validate(pool)
            validated += configs.map { $0.document(of: pool, provider) }
        }
        for definition in definitions {
            validated += await engine.validate(definition).map {
                $0.document(of: definition.id, definition.providerID)
            }
        }
        return .document(ValidateAnswer(launchConfigs: validated))
    }
}

extension Engine.ValidatedConfig {
    fileprivate func document(of pool: PoolID, _ provider: ProviderID) -> ValidatedLaunchConfig {
        ValidatedLaunchConfig(
            workerPoolId: pool, launchConfigId: id, providerId: provider,
            findings: findings.map(FindingDocument.init))
    }
}

extension FindingDocument {
    /// Makes a document of a finding.
    fileprivate init(_ finding: ProviderFinding) {
        self.init(
            name: finding.name, verdict: finding.verdict.rawValue, message: finding.message,
            remedy: finding.remedy)
    }
}
