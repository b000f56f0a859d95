import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Workers that people make")
struct StaticWorkerTests {
    static let hand = ProviderID(rawValue: "hand")
    static let secret = "s3cret-of-the-first-machine"
    private let key = WorkerKey(
        poolID: EngineBench.pool, group: WorkerGroup(rawValue: "rack"), id: WorkerID(rawValue: "mac-1"))

    private func bench(config: String = "standard", colour: String = "blue") async throws -> EngineBench {
        let bench = try await EngineBench(beside: [StaticProvider(id: Self.hand)])
        try await define(bench, config, colour)
        return bench
    }

    private func define(_ bench: EngineBench, _ config: String, _ colour: String) async throws {
        try await bench.define([config: 1]) { pool in
            pool.providerID = Self.hand
            pool.launchConfigs[0].content = .object(["workerConfig": .object(["colour": .string(colour)])])
        }
    }

    private func make(
        _ bench: EngineBench, secret: String = Self.secret, capacity: Int? = nil, expires: WorkerExpiry? = nil
    ) async throws {
        try await bench.control.createWorker(
            key, StaticWorkerSettings(secret: Secret(secret), capacity: capacity, expires: expires), by: "Ada"
        )
    }

    private func register(
        _ bench: EngineBench, secret: String = Self.secret, nonce: String = "n"
    ) async throws -> Registrar.Admission {
        try await bench.registrar.register(
            key, providerID: Self.hand,
            proof: .object(["staticSecret": .string(secret), "nonce": .string(nonce)]))
    }

    private func refusal(_ body: () async throws -> Void) async -> ProblemCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }

    @Test("register by their secret as often as they like, and work")
    func registers() async throws {
        let bench = try await bench()
        try await make(bench, capacity: 2)
        let first = try await register(bench)
        #expect(first.workerConfig["colour"]?.value == .string("blue"))
        bench.clock.advance(by: .seconds(3_600))
        let second = try await register(bench, nonce: "another")
        #expect(second.expiresAt == first.expiresAt + .seconds(3_600))
        #expect(second.accessToken != first.accessToken)
        for token in [first.accessToken, second.accessToken] {
            #expect(try await bench.registrar.grant(of: token.reveal())?.worker == key)
        }
        _ = try await bench.submit(3)
        #expect(try await bench.claim(key, 2).count == 2)
        #expect(try await bench.worker(key)?.capacity == 2)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("are refused with another secret, none, another worker's, and when nobody has made them")
    func refused() async throws {
        let bench = try await bench()
        #expect(await refusal { _ = try await register(bench) } == .registrationRefused)
        try await make(bench)
        for secret in ["", "x", Self.secret + "x", String(Self.secret.dropLast())] {
            #expect(await refusal { _ = try await register(bench, secret: secret) } == .registrationRefused)
        }
        let none = await refusal {
            _ = try await bench.registrar.register(key, providerID: Self.hand, proof: .object([:]))
        }
        #expect(none == .registrationRefused)
        // Those of a launch have tokens, which are nothing here.
        let token = bench.context.masterKey.registrationToken(
            launch: LaunchID(rawValue: "mac"), worker: key.id)
        #expect(
            await refusal { _ = try await register(bench, secret: token.reveal()) } == .registrationRefused)
        #expect(try await bench.worker(key)?.state == .requested)
    }

    @Test("leave nothing of their secret in the store, the log, the events or the audit")
    func secrecy() async throws {
        let bench = try await bench()
        try await make(bench)
        _ = try await register(bench)
        try await bench.control.updateWorker(
            key, StaticWorkerSettings(secret: Secret(Self.secret + "-2")), by: "Ada")
        let tables = try await bench.store.tables()
        #expect(tables["worker_secrets"]?.count == 1)
        for (table, rows) in tables { #expect(!rows.contains { $0.contains(Self.secret) }, "\(table)") }
        #expect(!bench.log.all.contains { "\($0)".contains(Self.secret) })
    }

    @Test("made again with the same settings are the same, and with others a conflict that changes nothing")
    func again() async throws {
        let bench = try await bench()
        try await make(bench, capacity: 2)
        _ = try await register(bench)
        try await make(bench, capacity: 2)
        #expect(await refusal { try await make(bench, capacity: 3) } == .conflict)
        #expect(await refusal { try await make(bench, secret: Self.secret + "x", capacity: 2) } == .conflict)
        #expect(
            await refusal { try await make(bench, capacity: 2, expires: .at(bench.clock.now())) } == .conflict
        )
        _ = try await register(bench)
        #expect(try await bench.worker(key)?.state == .running)
        #expect(try await bench.events().filter { $0.type == .workerRequested }.count == 1)
    }

    @Test("made again a while later with the same time to live end when they would have")
    func againForAWhile() async throws {
        let bench = try await bench()
        let end = bench.clock.now() + .seconds(7_200)
        try await make(bench, expires: .after(.seconds(7_200)))
        bench.clock.advance(by: .seconds(60))
        try await make(bench, expires: .after(.seconds(7_200)))
        #expect(try await bench.worker(key)?.endsAt == end)
        #expect(await refusal { try await make(bench, expires: .after(.seconds(7_260))) } == .conflict)
        #expect(await refusal { try await make(bench) } == .conflict)
        // A change counts from when it is made.
        try await bench.control.updateWorker(
            key, StaticWorkerSettings(expires: .after(.seconds(7_200))), by: "Ada")
        #expect(try await bench.worker(key)?.endsAt == end + .seconds(60))
        try await bench.control.updateWorker(key, StaticWorkerSettings(expires: .never), by: "Ada")
        #expect(try await bench.worker(key)?.endsAt == nil)
    }

    @Test("are never launched, listed, blamed, retired for numbers or ended for their silence")
    func leftAlone() async throws {
        let bench = try await bench()
        try await make(bench)
        _ = try await bench.submit(5)
        try await bench.pass()
        #expect(bench.provider.calls.isEmpty)
        #expect(try await bench.plan()?.reasons.map(\.code).contains("made-by-hand") == true)
        // One that has not come yet has no deadline.
        bench.clock.advance(by: .seconds(30 * 86_400))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .requested)
        _ = try await register(bench)
        for task in try await bench.claim(key, 5) {
            _ = try await bench.tasks.report(task.run, by: key, RunEnd(.completed, because: .completed))
        }
        bench.clock.advance(by: .seconds(40 * 86_400))
        try await bench.look()
        try await bench.pass()
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .suspected)
        // It calls again: it is there after all.
        _ = try await register(bench)
        #expect(try await bench.worker(key)?.bucket == .running)
        #expect(try await bench.store.read { try await $0.rows("SELECT id FROM errors") }.isEmpty)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("end when they were to, at once or when they have finished what they have")
    func ends() async throws {
        let bench = try await bench()
        let end = bench.clock.now() + .seconds(3_600)
        try await make(bench, expires: .at(end))
        #expect(try await register(bench).expiresAt == end)
        _ = try await bench.submit(2)
        let run = try #require(try await bench.claim(key).first).run
        bench.clock.advance(by: .seconds(3_600))
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .draining)
        // It is told again of what it has, and gets no more.
        #expect(try await bench.claim(key, request: "next").map(\.run) == [run])
        _ = try await bench.tasks.report(run, by: key, RunEnd(.completed, because: .completed))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .stopped)
        #expect(try await bench.worker(key)?.stopReason == StopReason.expired)
        #expect(try await bench.store.tables()["worker_secrets"]?.isEmpty == true)
        #expect(await refusal { _ = try await register(bench) } == .registrationRefused)
        // Made anew under the same name, it is there again.
        try await make(bench, secret: Self.secret + "-2")
        _ = try await register(bench, secret: Self.secret + "-2")
        #expect(try await bench.worker(key)?.state == .running)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test(
        "are changed in place; an end that has passed holds at once, and a new secret ends what the old one brought"
    )
    func changes() async throws {
        let bench = try await bench()
        try await make(bench)
        let old = try await register(bench).accessToken.reveal()
        try await bench.control.updateWorker(key, StaticWorkerSettings(capacity: 4), by: "Ada")
        #expect(try await bench.worker(key)?.capacity == 4)
        #expect(try await bench.registrar.grant(of: old) != nil)
        try await bench.control.updateWorker(
            key, StaticWorkerSettings(secret: Secret(Self.secret + "-2")), by: "Ada")
        #expect(try await bench.registrar.grant(of: old) == nil)
        #expect(await refusal { _ = try await register(bench) } == .registrationRefused)
        _ = try await register(bench, secret: Self.secret + "-2")
        try await bench.control.updateWorker(
            key, StaticWorkerSettings(expires: .at(bench.clock.now() - .seconds(1))), by: "Ada")
        for _ in 0..<2 { try await bench.look() }
        #expect(try await bench.worker(key)?.state == .stopped)
        #expect(
            await refusal {
                try await bench.control.updateWorker(key, StaticWorkerSettings(capacity: 1), by: "A")
            }
                == .workerNotFound)
        let actions = try await bench.audit().map(\.action)
        #expect(actions.filter { $0 == "set" }.count == 3)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("are taken away at once: what they hold runs elsewhere; or retired when they have finished")
    func removal() async throws {
        let bench = try await bench()
        try await make(bench)
        let token = try await register(bench).accessToken.reveal()
        _ = try await bench.submit(1)
        #expect(try await bench.claim(key).count == 1)
        for _ in 0..<2 { try await bench.control.removeWorker(key, by: "Ada") }
        #expect(try await bench.worker(key)?.stopReason == StopReason.removed)
        #expect(try await bench.registrar.grant(of: token) == nil)
        #expect(try await bench.events().filter { $0.type == .workerStopped }.count == 1)

        try await make(bench)
        _ = try await register(bench)
        let run = try #require(try await bench.claim(key, request: "again").first).run
        try await bench.control.retire(key, atOnce: false, by: "Ada")
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .draining)
        _ = try await bench.tasks.report(run, by: key, RunEnd(.completed, because: .completed))
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .stopped)

        try await make(bench)
        try await bench.control.retire(key, atOnce: true, by: "Ada")
        try await bench.look()
        #expect(try await bench.worker(key)?.state == .stopped)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("stay when their pool tells them something else, and are told it when they register again")
    func told() async throws {
        let bench = try await bench()
        try await make(bench)
        _ = try await register(bench)
        try await define(bench, "other", "red")
        try await bench.look()
        #expect(try await bench.worker(key)?.bucket == .running)
        #expect(try await bench.worker(key)?.launchConfigID == LaunchConfigID(rawValue: "other"))
        #expect(try await register(bench).workerConfig["colour"]?.value == .string("red"))
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("belong to pools of one launch config and no numbers, and to no others")
    func pools() async throws {
        let bench = try await bench()
        func fields(_ change: (inout PoolDefinition) -> Void) async -> [String] {
            do {
                try await bench.define(["a": 1]) { pool in
                    pool.providerID = Self.hand
                    pool.launchConfigs[0].content = .object([:])
                    change(&pool)
                }
                return []
            } catch {
                return (error as? Problems)?.all.compactMap(\.field) ?? ["\(error)"]
            }
        }
        let prefix = "\(EngineBench.pool): config."
        #expect(await fields { $0.scale.minCapacity = 1 } == [prefix + "minCapacity"])
        #expect(await fields { $0.launchConfigs = [] } == [prefix + "launchConfigs"])
        #expect(
            await fields { $0.launchConfigs[0].content = .object(["image": .string("x")]) }
                == [prefix + "launchConfigs[0].image"])
        try await bench.define(["launched": 1])
        #expect(await refusal { try await make(bench) } == .inputInvalid)
        _ = try await bench.submit(1)
        try await bench.pass()
        let launched = try #require(try await bench.workers().first).key
        #expect(await refusal { try await bench.control.removeWorker(launched, by: "Ada") } == .conflict)
        #expect(
            await refusal {
                try await bench.control.updateWorker(launched, StaticWorkerSettings(capacity: 2), by: "A")
            }
                == .conflict)
    }

    @Test(
        "have secrets that nobody guesses",
        arguments: [
            (String(repeating: "x", count: 22), true), (String(repeating: "x", count: 21), false),
            (String(repeating: "x", count: 1_024), true), (String(repeating: "x", count: 1_025), false),
            ("with a space in the middle of it", false), (String(repeating: "ä", count: 22), false),
        ])
    func rule(secret: String, fits: Bool) {
        #expect((StaticSecretRule.problem(with: secret) == nil) == fits)
    }
}
