import MusterClouds
import MusterCore
import MusterRuntime
import Testing

@Suite("Static secrets")
struct StaticSecretProofTests {
    private let proof = StaticSecretProof { worker, group in
        worker.rawValue == "worker" && group.rawValue == "group" ? Secret("correct horse") : nil
    }

    @Test("prove the worker that has them")
    func proven() throws {
        let claim = Claim.make("worker", in: "group", proof: Claim.proof([("secret", "correct horse")]))
        #expect(try proof.prove(claim) == ProvenIdentity(worker: WorkerID(rawValue: "worker")))
    }

    @Test(
        "prove nobody else, and are told to nobody",
        arguments: [
            ("worker", "group", "correct hors"), ("worker", "group", "correct horse "),
            ("worker", "group", ""),
            ("other", "group", "correct horse"), ("worker", "other", "correct horse"), ("other", "other", ""),
        ])
    func refused(worker: String, group: String, secret: String) async throws {
        let claim = Claim.make(worker, in: group, proof: Claim.proof([("secret", secret)]))
        let problem = try #require(await refusal { try proof.prove(claim) })
        #expect(problem.code == .registrationRefused)
        #expect(!problem.message.contains("horse"))
    }

    @Test("An empty secret of a worker is none")
    func empty() async {
        let empty = StaticSecretProof { _, _ in Secret("") }
        let claim = Claim.make("worker", in: "group", proof: Claim.proof([("secret", "")]))
        #expect(await refusal { try empty.prove(claim) } != nil)
    }

    @Test("Hostile proofs are refused")
    func hostile() async {
        for document in Claim.hostileProofs {
            let claim = Claim.make("worker", in: "group", proof: document)
            #expect(await refusal { try proof.prove(claim) }?.code == .registrationRefused)
        }
    }
}
