public import MusterCore
import MusterCrypto

/// Verifies the identity tokens that Google's metadata server gives to instances, with `format=full`.
public struct GoogleIdentity: Sendable {
    /// Where Google publishes the keys.
    public static let keysURL = "https://www.googleapis.com/oauth2/v3/certs"

    private let keys: PublishedKeys
    private let projects: Set<String>
    private let serviceAccounts: Set<String>

    /// - Parameters:
    ///   - keys: Google's, from `keysURL` or from where the provider's settings say.
    ///   - projects: the ids of the projects that instances may be of.
    ///   - serviceAccounts: the accounts that instances may run as, by e-mail address or number; empty for any.
    public init(keys: PublishedKeys, projects: Set<String>, serviceAccounts: Set<String> = []) {
        self.keys = keys
        self.projects = projects
        self.serviceAccounts = serviceAccounts
    }

    /// Throws `.registrationRefused` unless the proof's member `token` is Google's, for the claim's audience, and
    /// of the instance whose number is the worker's name, in the zone that is its group; `.unavailable` when
    /// Google's keys cannot be had.
    ///
    /// Facts: project, zone, instance, name, account, started.
    public func prove(_ claim: IdentityClaim) async throws(Problem) -> ProvenIdentity {
        let reader = ProofReader(claim.proof)
        let text = reader.text("token", limit: CloudPolicy.proofBytes)
        try reader.finish()
        guard let text else { throw .refused("the proof has no member \"token\"") }
        let claims = try await claims(text, claim)
        let document = try Document(signed: claims.payload, noun: "the identity token")
        guard let engine = document["google"]?["compute_engine"] else {
            throw .refused("the identity token tells of no instance: it has to be asked for with format=full")
        }
        guard let project = engine.text("project_id"), projects.contains(project) else {
            throw .refused("the identity token is of another project than the provider's")
        }
        guard engine.text("instance_id") == claim.worker.rawValue else {
            throw .refused("the identity token is of another instance than \(claim.worker)")
        }
        guard engine.text("zone") == claim.group.rawValue else {
            throw .refused("the identity token is of another zone than \(claim.group)")
        }
        let account = try account(document, claims.subject)
        return ProvenIdentity(
            worker: claim.worker,
            facts: Dictionary(facts: [
                ("project", project), ("zone", claim.group.rawValue), ("instance", claim.worker.rawValue),
                ("name", engine.text("instance_name")), ("account", account),
                ("started", Self.started(engine)),
            ]))
    }

    private func claims(_ text: String, _ claim: IdentityClaim) async throws(Problem) -> JSONWebToken.Claims {
        do {
            let token = try JSONWebToken(text)
            guard let keyID = token.keyID else {
                throw CryptoError.refused("it does not say which key it is signed with")
            }
            return try token.claims(
                keys: try await keys.set(with: keyID),
                expecting: JSONWebToken.Expectations(
                    issuers: ["https://accounts.google.com"], audience: claim.audience,
                    at: claim.at.milliseconds / 1_000, skew: CloudPolicy.clockSkew.components.seconds))
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .refused("the identity token is not taken: \(error)")
        }
    }

    /// The service account that the instance runs as; an address counts only where Google has verified it.
    private func account(_ document: Document, _ subject: String?) throws(Problem) -> String? {
        var email: String?
        if case .boolean(true) = document["email_verified"]?.value { email = document.text("email") }
        if !serviceAccounts.isEmpty {
            guard [email, subject].contains(where: { $0.map(serviceAccounts.contains) ?? false }) else {
                throw .refused(
                    "the identity token is of another service account than the provider's workers run as")
            }
        }
        return email ?? subject
    }

    private static func started(_ engine: Document) -> String? {
        guard case .integer(let seconds) = engine["instance_creation_timestamp"]?.value,
            (0...253_402_300_799).contains(seconds)
        else { return nil }
        return Timestamp(milliseconds: seconds * 1_000).description
    }
}
