import Glibc
import MusterAPI
import MusterCore
import MusterRuntime

extension WorkerProgram {
    /// Registers, trying again for as long as the service does not answer; then deletes a token, which any task
    /// could read otherwise. Gives the end of the credentials.
    ///
    /// The nonce is drawn once: a try whose answer was lost is recognised when it is repeated, and nobody
    /// else's is. A process that dies between the answer and the deletion cannot register again, as it
    /// should be: its credentials died with it.
    func register() async throws(Problem) -> Timestamp {
        let word = try await readProof()
        let nonce = Secret(chance.word())
        let begin = clock.now()
        var failures = 0
        while stage == .working {
            let request = RegisterWorkerRequest(
                worker: configuration.worker, providerId: configuration.providerID,
                proof: identityProof(word, nonce: nonce))
            let answer = await interruptible { [connection] () async throws(ServiceFailure) in
                try await connection.register(request)
            }
            switch answer {
            case .success(let expires):
                log.info("worker registered", ["expires": expires.description, "limit": limit.description])
                deleteToken()
                return expires
            case .failure(.noAnswer(let problem, let retryAfter)):
                guard stage == .working else { break }
                failures += 1
                guard clock.now() - begin < WorkerPolicy.registrationPatience else {
                    throw Problem(
                        problem.code, "The service did not answer the registration: \(problem.message)")
                }
                log.warning("registration not answered", ["why": problem.description])
                let wait = WorkerPolicy.registrationBackoff.wait(
                    afterFailures: failures, retryAfter: retryAfter, chance: chance)
                _ = await rest(for: wait, endsWithRoom: false)
            case .failure(.refused(let problem)), .failure(.claimLost(let problem)):
                throw Problem(
                    .registrationRefused, "The service refused the registration: \(problem.message)",
                    field: problem.field)
            }
        }
        throw Problem(.shuttingDown, "The worker was told to end before it was registered.")
    }

    /// Registers again before the credentials end, where that can be done: a worker that was launched is ended in
    /// time instead, and one that a person made goes on.
    func stayRegistered(until end: Timestamp) async {
        guard case .secret = configuration.proof else { return }
        var end = end
        while !Task.isCancelled {
            let left = max(end - clock.now(), .zero)
            let margin = min(WorkerPolicy.reregistrationMargin, left / 4)
            let wait = max(left - margin, WorkerPolicy.registrationBackoff.cap)
            do { try await clock.sleep(for: wait) } catch { return }
            // Beside the claim that waits: what interrupts that one must not end this.
            do {
                let word = try await readProof()
                let proof = identityProof(word, nonce: Secret(chance.word()))
                end = try await connection.register(
                    RegisterWorkerRequest(
                        worker: configuration.worker, providerId: configuration.providerID, proof: proof))
            } catch {
                log.warning("worker not registered again", ["why": "\(error)"])
            }
        }
    }

    private func identityProof(_ word: Secret<String>, nonce: Secret<String>) -> any IdentityProof {
        switch configuration.proof {
        case .token: TokenIdentityProof(token: word.reveal(), nonce: nonce.reveal())
        case .secret: StaticIdentityProof(secret: word.reveal(), nonce: nonce.reveal())
        }
    }

    private func readProof() async throws(Problem) -> Secret<String> {
        let path = configuration.proof.path
        return try await BlockingWork.run {
            Result { () throws(Problem) in
                let bytes = try TextFile.read(path, limit: WorkerPolicy.smallFileBytes)
                let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                guard words.count == 1 else {
                    throw Problem(.inputInvalid, "\(path) must hold one word, the token or secret")
                }
                return Secret(String(words[0]))
            }
        }.get()
    }

    private func deleteToken() {
        guard case .token(let path) = configuration.proof, unlink(path) != 0, errno != ENOENT else { return }
        log.warning("the token file stays", ["why": String(cString: strerror(errno))])
    }
}
