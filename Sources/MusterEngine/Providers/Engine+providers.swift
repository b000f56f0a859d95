public import MusterClouds
public import MusterCore
public import MusterHTTP
import MusterRuntime
import MusterStore

extension Engine {
    /// A provider that is enabled, and whose workers it runs.
    public struct ProviderView: Sendable {
        public let id: ProviderID
        public let kind: String
        public let pools: [PoolID]
        /// What became of its calls.
        public let calls: [CallFigures]
    }

    /// The providers that are enabled, by name.
    public func providers() async throws -> [ProviderView] {
        let pools = try await store.read { try await $0.pools() }.filter { !$0.isDeleted }
        return context.providers.values.sorted { $0.id < $1.id }.map { provider in
            ProviderView(
                id: provider.id, kind: provider.kind,
                pools: pools.filter { $0.definition.providerID == provider.id }.map(\.id).sorted(),
                calls: provider.callFigures)
        }
    }

    /// Tries what a provider needs to work.
    ///
    /// - Throws: `Problem` `provider-unknown`.
    public func check(_ id: ProviderID) async throws -> (kind: String, findings: [ProviderFinding]) {
        let provider = try context.requireProvider(id)
        let findings = await context.found { await provider.check() }
        return (provider.kind, findings)
    }

    /// A launch config that was held against its provider.
    public struct ValidatedConfig: Sendable {
        public let id: LaunchConfigID
        public let findings: [ProviderFinding]
    }

    /// Holds a pool's launch configs against its provider, without launching.
    public func validate(_ definition: PoolDefinition) async -> [ValidatedConfig] {
        guard let provider = context.providers[definition.providerID] else {
            let finding = ProviderFinding(
                "provider", .bad, "the provider \(definition.providerID) is not enabled in muster.yaml",
                remedy: "enable it, or name another providerId")
            return definition.launchConfigs.map { ValidatedConfig(id: $0.id, findings: [finding]) }
        }
        var validated: [ValidatedConfig] = []
        for config in definition.launchConfigs {
            let problems = provider.problems(in: config.content)
            var findings = problems.map { ProviderFinding($0.field ?? "content", .bad, $0.message) }
            // What is wrong on paper need not be asked of a cloud.
            if problems.isEmpty {
                findings = [ProviderFinding("content", .good, "it is written as its provider wants it")]
                findings += await context.found { await provider.validate(config.content) }
            }
            validated.append(ValidatedConfig(id: config.id, findings: findings))
        }
        return validated
    }

    /// The same for a pool that is defined.
    ///
    /// - Throws: `Problem` `pool-not-found`.
    public func validate(_ id: PoolID) async throws -> (provider: ProviderID, configs: [ValidatedConfig]) {
        let definition = try await store.read { transaction -> PoolDefinition in
            guard let pool = try await transaction.pool(id), !pool.isDeleted else {
                throw try await transaction.missing(id)
            }
            var definition = pool.definition
            definition.launchConfigs = try await transaction.launchConfigs(of: id)
                .filter { $0.archivedAt == nil }.map(\.definition)
            return definition
        }
        return (definition.providerID, await validate(definition))
    }
}

extension EngineContext {
    fileprivate func requireProvider(_ id: ProviderID) throws(Problem) -> any CloudProvider {
        if let provider = providers[id] { return provider }
        let enabled = providers.keys.sorted().map(\.rawValue).joined(separator: ", ")
        throw Problem(
            .providerUnknown,
            "there is no provider \(id) in muster.yaml\(enabled.isEmpty ? "; there is none" : "; there are \(enabled)")",
            field: "providerId")
    }

    /// What a look finds, or that it took too long.
    fileprivate func found(
        _ look: @escaping @Sendable () async -> [ProviderFinding]
    ) async -> [ProviderFinding] {
        await Deadline.run(within: EnginePolicy.providerLookTime, clock: clock, look) {
            [
                ProviderFinding(
                    "answer", .bad, "no answer came within \(EnginePolicy.providerLookTime.inSeconds) s",
                    remedy: "look whether the provider can be reached from here")
            ]
        }
    }
}
