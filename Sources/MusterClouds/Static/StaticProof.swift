import MusterCore

/// The proof of workers that people made: the secret that was given to the worker and is on its machine.
enum StaticProof {
    /// Verifies the proof's member `staticSecret`.
    ///
    /// - Throws: `Problem` `registration-refused`.
    static func prove(_ claim: IdentityClaim) throws(Problem) -> ProvenIdentity {
        let reader = ProofReader(claim.proof)
        let shown = reader.text("staticSecret", limit: CloudPolicy.secretBytes)
        try reader.finish()
        guard let shown else { throw .refused("the proof has no member \"staticSecret\"") }
        // The same words for a worker that nobody made: who guesses names learns none.
        guard claim.isOwnSecret?(shown) == true else {
            throw .refused("the secret is not this worker's, or nobody has made the worker")
        }
        return ProvenIdentity(worker: claim.worker)
    }
}
