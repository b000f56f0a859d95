public import MusterCore

/// A provider that muster.yaml enables.
public struct ProviderDocument: Codable, Hashable, Sendable {
    public var providerId: ProviderID
    /// What runs its workers: `local`, `docker`, `aws`, ...
    public var kind: String
    /// The pools whose workers it runs.
    public var workerPools: [PoolID]

    /// Makes a document.
    public init(providerId: ProviderID, kind: String, workerPools: [PoolID]) {
        self.providerId = providerId
        self.kind = kind
        self.workerPools = workerPools
    }
}

/// `GET /api/muster/v1/providers`.
public struct ProvidersAnswer: Codable, Sendable {
    public var providers: [ProviderDocument]

    /// Makes an answer.
    public init(providers: [ProviderDocument]) { self.providers = providers }
}

/// One thing that was looked at, and how it stands.
public struct FindingDocument: Codable, Hashable, Sendable {
    /// What was looked at.
    public var name: String
    /// `good`, `warning`, `bad`, or `skipped`.
    public var verdict: String
    /// What was found.
    public var message: String
    /// What to do, where something has to be done.
    public var remedy: String?

    /// Makes a document.
    public init(name: String, verdict: String, message: String, remedy: String?) {
        self.name = name
        self.verdict = verdict
        self.message = message
        self.remedy = remedy
    }
}

/// `POST /api/muster/v1/providers/{providerId}/check`: what a provider needs to work, tried.
public struct ProviderCheckAnswer: Codable, Sendable {
    public var providerId: ProviderID
    public var kind: String
    public var findings: [FindingDocument]

    /// Makes an answer.
    public init(providerId: ProviderID, kind: String, findings: [FindingDocument]) {
        self.providerId = providerId
        self.kind = kind
        self.findings = findings
    }
}

/// `POST /api/muster/v1/providers/{providerId}/forget`: what counts as gone now.
public struct ForgetProviderAnswer: Codable, Sendable {
    public var providerId: ProviderID
    /// How many workers.
    public var workers: Int
    /// How many launches of which nobody knew what came.
    public var launches: Int

    /// Makes an answer.
    public init(providerId: ProviderID, workers: Int, launches: Int) {
        self.providerId = providerId
        self.workers = workers
        self.launches = launches
    }
}

/// `POST /api/muster/v1/launch-configs/validate`: launch configs held against their providers.
public struct ValidateAnswer: Codable, Sendable {
    public var launchConfigs: [ValidatedLaunchConfig]

    /// Makes an answer.
    public init(launchConfigs: [ValidatedLaunchConfig]) { self.launchConfigs = launchConfigs }
}

/// A launch config that was held against its provider.
public struct ValidatedLaunchConfig: Codable, Sendable {
    public var workerPoolId: PoolID
    public var launchConfigId: LaunchConfigID
    public var providerId: ProviderID
    public var findings: [FindingDocument]

    /// Makes a document.
    public init(
        workerPoolId: PoolID, launchConfigId: LaunchConfigID, providerId: ProviderID,
        findings: [FindingDocument]
    ) {
        self.workerPoolId = workerPoolId
        self.launchConfigId = launchConfigId
        self.providerId = providerId
        self.findings = findings
    }
}
