public import MusterCore
import MusterCrypto
import MusterRuntime

/// The proof of workers whose names are ours to give: a one-time token that was put into the instance.
public enum TokenProof {
    /// Verifies the proof's member `token`.
    ///
    /// - Throws: `Problem` `registration-refused`.
    public static func prove(_ claim: IdentityClaim) throws(Problem) -> ProvenIdentity {
        guard let expected = claim.registrationToken?.reveal() else {
            throw Problem(
                .registrationRefused, "the worker cannot be registered: it is no worker of a launch")
        }
        guard case .string(let token)? = claim.proof["token"]?.value else {
            throw Problem(
                .inputInvalid, "is missing: workers of this provider prove themselves by a token",
                field: "workerIdentityProof.token")
        }
        guard MessageAuthentication.areEqual(Array(token.utf8), Array(expected.utf8)) else {
            throw Problem(
                .registrationRefused, "the worker cannot be registered: the token is not this worker's")
        }
        return ProvenIdentity(worker: claim.worker)
    }
}
