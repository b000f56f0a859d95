public import MusterCore
import MusterCrypto
public import MusterRuntime

/// Proves a worker by a secret that it shares with Muster: proof member `secret`.
public struct StaticSecretProof: Sendable {
    private let secret: @Sendable (WorkerID, WorkerGroup) -> Secret<String>?

    /// `secret` gives the secret of a worker; nil for one that is not known.
    public init(secret: @escaping @Sendable (WorkerID, WorkerGroup) -> Secret<String>?) {
        self.secret = secret
    }

    /// Throws `.registrationRefused` unless the proof holds the worker's secret. How long it takes tells nothing
    /// of where they differ, nor whether there is such a worker.
    public func prove(_ claim: IdentityClaim) throws(Problem) -> ProvenIdentity {
        let reader = ProofReader(claim.proof)
        let shown = reader.text("secret", limit: CloudPolicy.secretBytes)
        try reader.finish()
        guard let shown else { throw .refused("the proof has no member \"secret\"") }
        guard SharedSecret.matches(shown, secret(claim.worker, claim.group)) else {
            throw .refused("the secret is not that of worker \(claim.worker) in \(claim.group)")
        }
        return ProvenIdentity(worker: claim.worker, facts: [:])
    }
}
