public import MusterCore
public import MusterCrypto

/// Verifies the attested documents that Azure's metadata service gives to virtual machines.
public struct AzureIdentity: Sendable {
    /// Gives the id (`vmId`) of the machine of this name in this location; nil when there is none of this fleet.
    ///
    /// Names are ours and say nothing: a document names its machine by this id alone.
    public typealias MachineID =
        @Sendable (_ worker: WorkerID, _ group: WorkerGroup) async throws(Problem) -> String?

    private let roots: TrustedRoots
    private let intermediates: [Certificate]
    private let subscriptions: Set<String>
    private let domains: [String]
    private let machineID: MachineID

    /// - Parameters:
    ///   - subscriptions: those that machines may be of.
    ///   - roots: where trust in signers begins.
    ///   - intermediates: issuers that documents may leave out; nothing is fetched.
    ///   - domains: the hosts that a signer's certificate may be for, or below which; those of clouds apart are
    ///     `metadata.azure.us` and `metadata.azure.cn`.
    ///   - machineID: which machine a worker is.
    public init(
        subscriptions: Set<String>, roots: [Certificate] = AzureCertificates.roots,
        intermediates: [Certificate] = AzureCertificates.intermediates,
        domains: [String] = ["metadata.azure.com"], machineID: @escaping MachineID
    ) {
        self.roots = TrustedRoots(roots)
        self.intermediates = intermediates
        self.subscriptions = Set(subscriptions.map { $0.lowercased() })
        self.domains = domains
        self.machineID = machineID
    }

    /// Throws `.registrationRefused` unless the proof's member `document` is a document of the claim's machine
    /// that Azure signed and that has not expired. Where the proof has a member `nonce`, the document must have
    /// the same: ten digits, which the metadata service is asked with.
    ///
    /// Facts: machine (its vmId), subscription, created, expires, sku.
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        let reader = ProofReader(claim.proof)
        let text = reader.text("document", limit: CloudPolicy.proofBytes)
        try reader.finish()
        guard let text else { throw .refused("the proof has no member \"document\"") }
        guard let bytes = Base64.bytes(wrapped: text) else {
            throw .refused("the proof's member document is not Base64")
        }
        let attested = try AzureAttestedDocument(
            try Document(signed: try verified(bytes, at: claim.at), noun: "the attested document"))
        if let nonce = reader.nonce, attested.nonce != nonce {
            throw .refused("the attested document has another nonce than the proof")
        }
        guard claim.at <= attested.expires + CloudPolicy.clockSkew else {
            throw .refused("the attested document has expired at \(attested.expires)")
        }
        guard attested.created <= claim.at + CloudPolicy.clockSkew else {
            throw .refused("the attested document is from the future: is this machine's clock right?")
        }
        guard subscriptions.contains(attested.subscription) else {
            throw .refused("the attested document is of another subscription than the provider's")
        }
        // Last, so that nothing is looked up for a document that is not Azure's.
        guard let machine = try await machineID(claim.worker, claim.group)?.lowercased() else {
            throw .refused("there is no machine \(claim.worker) in \(claim.group)")
        }
        guard attested.machine == machine else {
            throw .refused("the attested document is of another machine than \(claim.worker)")
        }
        return ProvenIdentity(worker: claim.worker, facts: attested.facts)
    }

    private func verified(_ bytes: [UInt8], at moment: Timestamp) throws(Problem) -> [UInt8] {
        do {
            let message = try SignedMessage(
                bytes, roots: roots, intermediates: intermediates, at: moment.milliseconds / 1_000)
            guard domains.contains(where: { message.signer.isFor(domain: $0) }) else {
                throw CryptoError.refused("its signer is not \(domains.joined(separator: " or "))")
            }
            return message.content
        } catch {
            throw .refused("the attested document is not taken: \(error)")
        }
    }
}
