import MusterCore

/// The proof of workers that people made: the secret that was given to the worker and is on its machine.
enum StaticProof {
    /// Verifies the proof's member `staticSecret`.
    ///
    /// - Throws: `Problem` `registration-refused`.
    static func prove(_ claim: IdentityClaim) throws(Problem) -> ProvenIdentity {
        guard case .string(let secret)? = claim.proof["staticSecret"]?.value else {
            throw Problem(
                .inputInvalid, "is missing: workers of this provider prove themselves by their secret",
                field: "workerIdentityProof.staticSecret")
        }
        // The same words for a worker that nobody made: who guesses names learns none.
        guard claim.isOwnSecret?(secret) == true else {
            throw Problem(
                .registrationRefused,
                "the worker cannot be registered: the secret is not this worker's, or nobody has made the worker"
            )
        }
        return ProvenIdentity(worker: claim.worker)
    }
}
