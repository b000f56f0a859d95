public import MusterCore
public import MusterHTTP

/// How an AWS provider is set up.
public struct AWSConfiguration: Sendable {
    /// Addresses that are used instead of AWS's own: a private cloud's, or an emulator's. `{region}` in one stands
    /// for the region.
    public struct Endpoints: Hashable, Sendable {
        /// The address of EC2.
        public var ec2: String?
        /// The address of the Security Token Service.
        public var sts: String?
        /// The address of Service Quotas.
        public var quotas: String?

        /// Names addresses; without any, AWS's own are used.
        public init(ec2: String? = nil, sts: String? = nil, quotas: String? = nil) {
            self.ec2 = ec2
            self.sts = sts
            self.quotas = quotas
        }
    }

    /// The name that pools use.
    public var id: ProviderID
    /// The unique id of this Muster's store, a tag of all its instances: two never see each other's.
    public var fleet: String
    /// The regions whose instances are listed; launch configs may name no other.
    public var regions: [String]
    /// Where credentials come from.
    public var credentials: AWSCredentialSettings
    /// Addresses other than AWS's own.
    public var endpoints: Endpoints
    /// How many calls of an action a region takes, by the action's name (`Describe` for all that begin so), where it
    /// is not what AWS publishes.
    public var rates: [String: CallRate]
    /// The same of the instances that RunInstances and TerminateInstances are about.
    public var instanceRates: [String: CallRate]
    /// Tags of all that is made, beside Muster's own.
    public var tags: [String: String]
    /// What workers' identity documents are verified with.
    public var identity: AWSIdentity
    /// The environment, in which credentials are looked for.
    public var environment: [String: String]

    /// Makes a configuration.
    public init(
        id: ProviderID, fleet: String, regions: [String], credentials: AWSCredentialSettings = .init(),
        endpoints: Endpoints = .init(), rates: [String: CallRate] = [:],
        instanceRates: [String: CallRate] = [:], tags: [String: String] = [:],
        identity: AWSIdentity = .init(), environment: [String: String] = [:]
    ) {
        self.id = id
        self.fleet = fleet
        self.regions = regions
        self.credentials = credentials
        self.endpoints = endpoints
        self.rates = rates
        self.instanceRates = instanceRates
        self.tags = tags
        self.identity = identity
        self.environment = environment
    }

    /// The address of EC2 in a region.
    func ec2(_ region: String) -> String { Self.address(endpoints.ec2, "ec2", region) }

    /// The address of the Security Token Service in a region.
    func sts(_ region: String) -> String { Self.address(endpoints.sts, "sts", region) }

    /// Whether a token service knows the credentials: that of AWS knows nothing of a private cloud's.
    var hasTokenService: Bool { endpoints.sts != nil || endpoints.ec2 == nil }

    /// The address of Service Quotas in a region.
    func quotas(_ region: String) -> String { Self.address(endpoints.quotas, "servicequotas", region) }

    static func address(_ given: String?, _ service: String, _ region: String) -> String {
        guard let given else { return AWSEndpoint.url(service, region) }
        return given.split(separator: "{region}", omittingEmptySubsequences: false).joined(separator: region)
    }
}
