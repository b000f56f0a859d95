import Glibc
import MusterAPI
import MusterCore
import MusterRuntime

extension WorkerProgram {
    /// Registers, trying again for as long as the service does not answer; then deletes the token, which any
    /// task could read otherwise.
    ///
    /// The nonce is drawn once: a try whose answer was lost is recognised when it is repeated, and nobody
    /// else's is. A process that dies between the answer and the deletion cannot register again, as it
    /// should be: its credentials died with it.
    func register() async throws(Problem) {
        let token = try await readToken()
        let nonce = Secret(chance.word())
        let begin = clock.now()
        var failures = 0
        while stage == .working {
            let request = RegisterWorkerRequest(
                worker: configuration.worker, providerId: configuration.providerID,
                proof: TokenIdentityProof(token: token.reveal(), nonce: nonce.reveal()))
            let answer = await interruptible { [connection] () async throws(ServiceFailure) in
                try await connection.register(request)
            }
            switch answer {
            case .success(let expires):
                log.info("worker registered", ["expires": expires.description, "limit": limit.description])
                return deleteToken()
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

    private func readToken() async throws(Problem) -> Secret<String> {
        let path = configuration.tokenFile
        return try await BlockingWork.run {
            Result { () throws(Problem) in
                let bytes = try TextFile.read(path, limit: WorkerPolicy.smallFileBytes)
                let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                guard words.count == 1 else {
                    throw Problem(.inputInvalid, "\(path) must hold one word, the token")
                }
                return Secret(String(words[0]))
            }
        }.get()
    }

    private func deleteToken() {
        guard unlink(configuration.tokenFile) != 0, errno != ENOENT else { return }
        log.warning("the token file stays", ["why": String(cString: strerror(errno))])
    }
}
