public import MusterCore
import MusterCrypto

/// Verifies the instance identity documents of AWS.
///
/// A document is signed once, when its instance starts, and any process on the machine can read it: it proves
/// which instance it is from, and its age bounds for how long that is worth anything.
public struct AWSIdentity: Sendable {
    private let certificates: AWSRegionCertificates
    /// The accounts that instances may be of; empty for that of Muster's own credentials.
    let accounts: Set<String>
    private let formats: Set<AWSIdentityFormat>
    private let longestAge: Duration

    /// - Parameters:
    ///   - certificates: those that documents may be signed with.
    ///   - accounts: the accounts that instances may be of; empty for that of Muster's own credentials.
    ///   - formats: the forms that are taken. By default only the one with keys of 2,048 bits: `signature` has shorter
    ///     ones, and `pkcs7` rests on SHA-1.
    ///   - longestAge: how long after its instance started a document is taken.
    public init(
        certificates: AWSRegionCertificates = .published, accounts: Set<String> = [],
        formats: Set<AWSIdentityFormat> = [.rsa2048],
        longestAge: Duration = CloudPolicy.awsDocumentAge
    ) {
        self.certificates = certificates
        self.accounts = accounts
        self.formats = formats
        self.longestAge = longestAge
    }

    /// Throws `.registrationRefused` unless the proof holds a document of the claim's worker, whose group is its
    /// region, that AWS signed not too long ago.
    ///
    /// - Parameter own: the account of Muster's own credentials, which counts where settings name none; nil where it
    ///   cannot be told.
    ///
    /// Facts: account, region, zone, type, image, architecture, privateIp, started.
    public func prove(_ claim: IdentityClaim, own: String?) throws(Problem) -> ProvenIdentity {
        let region = claim.group.rawValue
        let known = certificates.of(region)
        guard !known.isEmpty else {
            throw .refused(
                "no certificate of AWS is known for region \(region): add it to the provider's settings")
        }
        let document = try Document(
            signed: try verified(AWSProof(claim.proof, accepting: formats), known),
            noun: "the identity document")
        try compare(document, "instanceId", claim.worker.rawValue)
        try compare(document, "region", region)
        let account = document.text("accountId")
        let allowed = accounts.isEmpty ? Set([own].compactMap(\.self)) : accounts
        if !allowed.isEmpty {
            guard let account, allowed.contains(account) else {
                throw .refused("the identity document is of another account than the provider's")
            }
        }
        let started = try started(document, at: claim.at)
        return ProvenIdentity(
            worker: claim.worker,
            facts: Dictionary(facts: [
                ("account", account), ("region", region), ("zone", document.text("availabilityZone")),
                ("type", document.text("instanceType")), ("image", document.text("imageId")),
                ("architecture", document.text("architecture")),
                ("privateIp", document.text("privateIp")), ("started", started.description),
            ]))
    }

    private func verified(_ proof: AWSProof, _ certificates: [Certificate]) throws(Problem) -> [UInt8] {
        switch proof {
        case .document(let document, let signature):
            let isSigned = certificates.contains { certificate in
                (try? certificate.rsaKey())?.verifies(signature, of: document, hash: .sha256) ?? false
            }
            guard isSigned else {
                throw .refused("the identity document is not signed with a certificate of its region")
            }
            return document
        case .message(let message, let allowsSHA1):
            // A region's shorter key is for the other form, which settings have to ask for.
            let signers = allowsSHA1 ? certificates : certificates.filter(Self.hasLongKey)
            do {
                return try SignedMessage(message, signedBy: signers, allowsSHA1: allowsSHA1).content
            } catch {
                throw .refused("the signed identity document is not taken: \(error)")
            }
        }
    }

    private static func hasLongKey(_ certificate: Certificate) -> Bool {
        ((try? certificate.rsaKey().bits) ?? 0) >= CloudPolicy.awsDocumentKeyBits
    }

    private func compare(_ document: Document, _ name: String, _ wanted: String) throws(Problem) {
        guard let found = document.text(name) else {
            throw .refused("the identity document has no text \"\(name)\"")
        }
        guard found == wanted else {
            throw .refused("the identity document is of another \(name) than \(wanted)")
        }
    }

    private func started(_ document: Document, at moment: Timestamp) throws(Problem) -> Timestamp {
        guard let started = document.text("pendingTime").flatMap({ Timestamp($0) }) else {
            throw .refused("the identity document has no moment \"pendingTime\"")
        }
        guard started <= moment + CloudPolicy.clockSkew else {
            throw .refused("the identity document is from the future: is this machine's clock right?")
        }
        guard moment <= started + longestAge else {
            throw .refused("the identity document is of \(started): too old for a registration")
        }
        return started
    }
}
