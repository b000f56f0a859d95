import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite struct RegistrarTests {
    private func requested(_ bench: EngineBench) async throws -> WorkerKey {
        try await bench.define()
        _ = try await bench.submit(1)
        try await bench.pass()
        return try #require(try await bench.workers().first).key
    }

    @Test("A repeat with the same nonce gets the same answer until the credentials are used")
    func repeated() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        let first = try await bench.register(key)
        let again = try await bench.register(key)
        #expect(first.accessToken == again.accessToken && first.expiresAt == again.expiresAt)
        #expect(try await bench.registrar.grant(of: first.accessToken.reveal())?.worker == key)
        let problem = await #expect(throws: Problem.self) { try await bench.register(key) }
        #expect(problem?.code == .registrationRefused)
    }

    @Test("A repeat is refused with another nonce, and after five minutes")
    func refusedRepeats() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        _ = try await bench.register(key)
        await #expect(throws: Problem.self) { try await bench.register(key, nonce: "another") }
        await #expect(throws: Problem.self) { try await bench.register(key, nonce: nil) }
        bench.clock.advance(by: .seconds(301))
        await #expect(throws: Problem.self) { try await bench.register(key) }
        // Told once, however often it is tried.
        let told = try await bench.store.read { transaction in
            try await transaction.rows("SELECT worker_id, title FROM errors")
        }
        #expect(try told.map { try $0.text("title") } == ["a valid proof was shown again, and refused"])
    }

    @Test("A token of another worker, or none at all, is refused")
    func wrongToken() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        for token in ["", "x", bench.context.masterKey.secret(for: "registration", "l", "w").reveal()] {
            let problem = await #expect(throws: Problem.self) {
                try await bench.registrar.register(
                    key, providerID: bench.provider.id, proof: EngineBench.proof(token, nonce: "n"))
            }
            #expect(problem?.code == .registrationRefused)
        }
        #expect(try await bench.worker(key)?.state == .requested)
    }

    @Test("A worker that is quicker than its launch's answer is adopted in the same call")
    func quickerThanAnswer() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        bench.provider.behave(.losesAnswer)
        try await bench.pass()
        let instance = try #require(bench.provider.living.first)
        let key = WorkerKey(poolID: EngineBench.pool, group: instance.group, id: instance.workerID)
        _ = try await bench.register(key)
        #expect(try await bench.worker(key)?.state == .running)
        // The answer comes after all: it settles around the worker that is there.
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
        #expect(try await bench.capacity()[.running].workers == 1)
        #expect(try await bench.capacity()[.requested] == .zero)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A worker that registers and then never asks for work is ended as a broken machine image's")
    func neverAsks() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        _ = try await bench.register(key)
        try await bench.contacts.write()
        #expect(try await bench.worker(key)?.contactedAt == nil)
        bench.clock.advance(by: Lifecycle().firstContactTimeout)
        try await bench.look()
        let worker = try await bench.worker(key)
        #expect(worker?.state == .stopping && worker?.stopReason == StopReason.noContact)
        let health = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.health
        }
        #expect(health?.failures == 1)
    }

    @Test("A worker whose provider names it is adopted by its valid proof, and by no proof of another launch")
    func namedByItsProvider() async throws {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(1)
        bench.provider.behave(.accepts)
        try await bench.pass()
        let launch = try #require(bench.provider.calls.first?.launchID)
        let id = WorkerID(rawValue: "i-0abc")
        let key = WorkerKey(poolID: EngineBench.pool, group: WorkerGroup(rawValue: "here"), id: id)
        let proof = Document.object(["signed": Document(.boolean(true)), "nonce": .string("n")])
        let unlisted = await #expect(throws: Problem.self) {
            try await bench.registrar.register(key, providerID: bench.provider.id, proof: proof)
        }
        #expect(unlisted?.code == .unavailable)
        bench.provider.bring(
            Instance(id: "here/i-0abc", launchID: launch, group: key.group, workerID: id, state: .running))
        bench.provider.vouch(["launch": "another"], for: id)
        let other = await #expect(throws: Problem.self) {
            try await bench.registrar.register(key, providerID: bench.provider.id, proof: proof)
        }
        #expect(other?.code == .registrationRefused && other?.message.contains("another launch") == true)
        bench.provider.vouch(["launch": launch.rawValue], for: id)
        let admission = try await bench.registrar.register(key, providerID: bench.provider.id, proof: proof)
        #expect(try await bench.registrar.grant(of: admission.accessToken.reveal())?.worker == key)
        #expect(try await bench.worker(key)?.state == .running)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A valid proof of another worker is refused")
    func provenAnother() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        let proof = Document.object(["signed": Document(.boolean(true)), "worker": .string("i-0other")])
        let problem = await #expect(throws: Problem.self) {
            try await bench.registrar.register(key, providerID: bench.provider.id, proof: proof)
        }
        #expect(
            problem?.code == .registrationRefused && problem?.message.contains("another worker's") == true)
        #expect(try await bench.worker(key)?.state == .requested)
    }

    @Test("Credentials end with their time, and with their worker")
    func credentialsEnd() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        let token = try await bench.register(key).accessToken.reveal()
        #expect(try await bench.registrar.grant(of: token) != nil)
        #expect(try await bench.registrar.grant(of: token + "x") == nil)
        bench.provider.change(key.id.rawValue, to: .gone)
        try await bench.reconcile()
        #expect(try await bench.registrar.grant(of: token) == nil)
    }

    @Test("A registration counts for its launch config")
    func success() async throws {
        let bench = try await EngineBench()
        let key = try await requested(bench)
        _ = try await bench.register(key)
        _ = try await bench.register(key)
        let health = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "standard"), of: EngineBench.pool)?.health
        }
        #expect(health?.successes == 1)
    }
}
