public import MusterCore
import MusterHTTP

extension AWSConfiguration {
    /// Reads what stands under a provider of the kind `aws` in muster.yaml; problems go to the reader, which is the
    /// caller's to finish.
    public init(
        _ reader: DocumentReader, id: ProviderID, fleet: String, environment: [String: String]
    ) {
        let regions = reader.strings("regions", limit: 100) ?? []
        if regions.isEmpty { reader.refuse("regions", "must name at least one region, such as us-east-1") }
        if let wrong = regions.first(where: { !Self.isRegion($0) }) {
            reader.refuse("regions", "\(JSONText.quoted(String(wrong.prefix(40)))) is no name of a region")
        }
        if Set(regions).count < regions.count { reader.refuse("regions", "must name no region twice") }
        let role = reader.object("role")
        let arn = role.string("arn", limit: 2_048)
        let externalID = role.string("externalId", limit: 1_224)
        let sessionName = role.string("sessionName", limit: 64)
        if reader.has("role"), arn?.hasPrefix("arn:") != true { role.refuse("arn", "must be a role's ARN") }
        let settings = AWSCredentialSettings(
            profile: reader.string("profile", limit: 256),
            role: arn.map { .init(arn: $0, externalID: externalID, sessionName: sessionName) })
        role.refuseUnknown()
        let endpoints = reader.object("endpoints")
        let addresses = Endpoints(
            ec2: Self.address("ec2", endpoints), sts: Self.address("sts", endpoints),
            quotas: Self.address("quotas", endpoints))
        endpoints.refuseUnknown()
        let tags = reader.stringMap("tags") ?? [:]
        for (key, value) in tags {
            if let fault = ResourceTags.fault(key, value) { reader.refuse("tags", fault) }
        }
        let rates = Self.rates(reader)
        self.init(
            id: id, fleet: fleet, regions: regions, credentials: settings, endpoints: addresses,
            rates: rates.requests, instanceRates: rates.instances, tags: tags,
            identity: Self.identity(reader), environment: environment)
    }

    /// What identity documents are taken: `accounts`, `proofs` and `certificates`.
    private static func identity(_ reader: DocumentReader) -> AWSIdentity {
        let accounts = reader.strings("accounts", limit: 1_000) ?? []
        if let wrong = accounts.first(where: { $0.utf8.count != 12 || !$0.allSatisfy(\.isNumber) }) {
            reader.refuse(
                "accounts", "\(JSONText.quoted(String(wrong.prefix(40)))) is no account's 12 digits")
        }
        var formats: Set<AWSIdentityFormat> = [.rsa2048]
        if let names = reader.strings("proofs", limit: 10) {
            formats = Set(names.compactMap(AWSIdentityFormat.init))
            if formats.count < names.count || formats.isEmpty {
                reader.refuse("proofs", "must be a list of rsa2048, signature and pkcs7, each once at most")
            }
        }
        var certificates = AWSRegionCertificates.published
        do throws(Problem) {
            try certificates.add(pem: reader.stringMap("certificates") ?? [:], field: "certificates")
        } catch {
            reader.refuse("certificates", error.message)
        }
        return AWSIdentity(certificates: certificates, accounts: Set(accounts), formats: formats)
    }

    /// What stands under `rates`: requests, and under `instances` of an action, instances.
    private static func rates(
        _ reader: DocumentReader
    ) -> (requests: [String: CallRate], instances: [String: CallRate]) {
        guard let found = reader.document("rates"), case .object(let members) = found.value else {
            return ([:], [:])
        }
        let rates = reader.object("rates")
        var result: (requests: [String: CallRate], instances: [String: CallRate]) = ([:], [:])
        for member in members {
            let name = member.name
            if EC2Rates.lane(name) != name {
                rates.refuse(name, "shares its rate with all that describe: name \(EC2Rates.lane(name))")
            }
            let rate = rates.object(name)
            result.requests[name] = self.rate(rate, name, in: rates)
            if rate.has("instances") {
                if EC2Rates.instanceRate(name) == nil {
                    rate.refuse("instances", "is of RunInstances and TerminateInstances alone")
                }
                let instances = rate.object("instances")
                result.instances[name] = self.rate(instances, "instances", in: rate)
                instances.refuseUnknown()
            }
            rate.refuseUnknown()
        }
        return result
    }

    private static func rate(
        _ reader: DocumentReader, _ name: String, in parent: DocumentReader
    ) -> CallRate? {
        guard let burst = reader.number("burst", 1...100_000),
            let perSecond = reader.number("perSecond", 0.001...100_000)
        else {
            parent.refuse(name, "must have the numbers burst and perSecond")
            return nil
        }
        return CallRate(burst: burst, perSecond: perSecond)
    }

    private static func address(_ name: String, _ reader: DocumentReader) -> String? {
        guard let address = reader.string(name, limit: 2_048) else { return nil }
        let sample = Self.address(address, name, "us-east-1")
        if (try? AWSEndpoint(sample)) == nil {
            reader.refuse(name, "must be an address that begins with http:// or https://")
        }
        return address
    }

    /// Letters, digits and hyphens: it becomes part of a host's name.
    static func isRegion(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (48...57).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }
}
