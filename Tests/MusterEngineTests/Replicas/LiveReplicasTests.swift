import MusterClouds
import MusterCore
import MusterCrypto
import MusterEvents
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Several engines on one store", .timeLimit(.minutes(3)))
struct LiveReplicasTests {
    /// An engine with all its loops.
    private struct Replica {
        let name: String
        let store: WatchedStore
        let log: RecordingLog
        let engine: Engine
    }

    /// A store, a cloud and a sink for several engines, all by one clock that stands still.
    private final class Fleet: Sendable {
        private let database: OpenDatabase
        let clock = ManualClock()
        let provider: ScriptedProvider
        let sink = RecordingSink()
        var store: any Store { database.store }

        init() async throws {
            provider = ScriptedProvider(clock: clock)
            database = try await OpenDatabase(clock: clock)
        }

        func start(_ name: String) -> Replica {
            var policy = EnginePolicy()
            (policy.passGap, policy.followGap) = (.zero, .zero)
            let (watched, log) = (WatchedStore(store), RecordingLog())
            let context = EngineContext(
                store: watched, providers: [provider], clock: clock, log: Log(to: log), policy: policy,
                holder: name, masterKey: MasterKey(Secret(Array("0123456789abcdef0123456789abcdef".utf8))),
                // Names of launches are left to chance.
                seed: name.utf8.reduce(3) { $0 &* 31 &+ UInt64($1) }, serviceURL: { "http://127.0.0.1:1" })
            let engine = Engine(context, fleet: "fleet", sinks: [sink])
            engine.start()
            return Replica(name: name, store: watched, log: log, engine: engine)
        }

        func define(_ count: Int, by replica: Replica) async throws {
            let definitions = (0..<count).map { number in
                PoolDefinition(
                    id: PoolID(rawValue: "team/pool-\(number)"), providerID: provider.id,
                    scale: PoolScale(minCapacity: 1, maxCapacity: 1),
                    launchConfigs: [
                        LaunchConfigDefinition(
                            id: LaunchConfigID(rawValue: "standard"), content: .object([:]),
                            settings: LaunchConfigSettings())
                    ])
            }
            _ = try await replica.engine.control.apply(definitions, prune: false, dryRun: false, by: "test")
        }

        /// Who has what, by the names of leases; pools without a holder are left out.
        func holders() async throws -> [String: String] {
            let now = clock.now()
            let leases = try await store.read { try await $0.leases() }
            return Dictionary(
                uniqueKeysWithValues: leases.filter { $0.holds(at: now) }.map { ($0.name, $0.holderName) })
        }

        /// How many pools each process has, once all of `count` are shared between those of these names.
        func shared(
            _ count: Int, among names: Set<String>, meanwhile: () async throws -> Void = {}
        ) async throws -> [String: Int] {
            var counts: [String: Int] = [:]
            let limit = max((count + names.count - 1) / names.count, count * 9 / (names.count * 8))
            repeat {
                try await Task.sleep(for: .milliseconds(5))
                try await meanwhile()
                let pools = try await holders().filter { $0.key.hasPrefix("pool:") }
                counts = Dictionary(grouping: pools.values, by: \.self).mapValues(\.count)
            } while counts.values.reduce(0, +) != count || Set(counts.keys) != names
                || counts.values.contains { $0 > limit }
            return counts
        }

        /// Lets 20 s pass, bit by bit, so that those of these names have the time to renew their rows: a loop
        /// that has just looked sleeps for a third of its time, at the most twice between two renewals.
        func pass(_ names: Set<String>) async throws {
            for _ in 0..<20 {
                clock.advance(by: .seconds(1))
                let oldest = clock.now() - .seconds(42)
                var renewed: Set<String> = []
                repeat {
                    try await Task.sleep(for: .milliseconds(2))
                    let replicas = try await store.read { try await $0.replicas() }
                    renewed = Set(replicas.filter { $0.seenAt >= oldest }.map(\.name))
                } while !renewed.isSuperset(of: names)
            }
        }

        /// Waits until the sink has got every event; all events.
        func delivered() async throws -> [Event] {
            while true {
                let events = try await store.readOutbox {
                    try await $0.events(after: 0, limit: 100_000).map(\.event)
                }
                if sink.events.count >= events.count { return events }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static let pools = 30

    @Test("share the pools evenly, take over from one that is halted, and give back when it goes on")
    func shares() async throws {
        let fleet = try await Fleet()
        let replicas = ["one", "two", "three"].map { fleet.start($0) }
        try await fleet.define(Self.pools, by: replicas[0])
        let counts = try await fleet.shared(Self.pools, among: ["one", "two", "three"])
        #expect(counts.values.allSatisfy { $0 <= 11 })
        while fleet.provider.started < Self.pools { try await Task.sleep(for: .milliseconds(5)) }
        _ = try await fleet.delivered()

        // Halted, it renews nothing; the others have its pools when its time is over, and not before.
        let halted = replicas[1]
        halted.store.hold()
        try await fleet.pass(["one", "three"])
        #expect(try await fleet.holders().values.contains("two"))
        for _ in 0..<3 { try await fleet.pass(["one", "three"]) }
        _ = try await fleet.shared(Self.pools, among: ["one", "three"])
        while try await fleet.holders().values.contains("two") { try await fleet.pass(["one", "three"]) }
        let once = ["retention", "reconcile:scripted", "sink:recording"]
        while try await !Set(once).isSubset(of: fleet.holders().keys) {
            try await fleet.pass(["one", "three"])
        }

        // It goes on, writes nothing of what it had in mind, says so, and gets its share back.
        halted.store.letGo()
        // Its loops that failed wait before they try again.
        _ = try await fleet.shared(Self.pools, among: ["one", "two", "three"]) {
            try await fleet.pass(["one", "three"])
        }
        #expect(halted.log.complaints.contains { $0.contains("away for longer than its lease") })

        // One that stops frees what it has at once: no time passes.
        await replicas[0].engine.stop(within: .seconds(5))
        _ = try await fleet.shared(Self.pools, among: ["two", "three"])

        let events = try await fleet.delivered()
        #expect(fleet.provider.started == Self.pools)
        #expect(events.count { $0.type == .launchPlanned } == Self.pools)
        #expect(events.count { $0.type == .launchSettled } == Self.pools)
        #expect(fleet.sink.ids == (1...events.count).map(String.init))
        for replica in replicas[1...] { await replica.engine.stop(within: .seconds(5)) }
        await fleet.store.close()
    }

    @Test("have a loop for each pool of their own share alone, and one that comes takes its share")
    func loops() async throws {
        let fleet = try await Fleet()
        let one = fleet.start("one")
        try await fleet.define(Self.pools, by: one)
        _ = try await fleet.shared(Self.pools, among: ["one"])
        let two = fleet.start("two")
        let counts = try await fleet.shared(Self.pools, among: ["one", "two"])
        for replica in [one, two] {
            while passes(replica) != counts[replica.name] { try await Task.sleep(for: .milliseconds(5)) }
        }
        // What another does instead is shown by the loop that would have done it.
        while true {
            let elsewhere = two.engine.statuses.filter { $0.heldBy != nil }.map(\.name)
            if Set(elsewhere) == ["retention", "reconcile:scripted", "publish:recording"] { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        for replica in [one, two] { await replica.engine.stop(within: .seconds(5)) }
        await fleet.store.close()
    }

    private func passes(_ replica: Replica) -> Int {
        replica.engine.statuses.count { $0.name.hasPrefix("pass:") }
    }

    @Test("answer whoever waits for a task at the other when its signal was lost")
    func lostSignal() async throws {
        let fleet = try await Fleet()
        let one = fleet.start("one")
        try await fleet.define(1, by: one)
        _ = try await fleet.shared(1, among: ["one"])
        while fleet.provider.started < 1 { try await Task.sleep(for: .milliseconds(5)) }
        let pool = PoolID(rawValue: "team/pool-0")
        var workers: [Worker] = []
        while workers.isEmpty {
            let id = fleet.provider.id
            workers = try await fleet.store.read { try await $0.livingWorkers(of: id, after: nil, limit: 1) }
        }
        let call = try #require(fleet.provider.calls.first)
        let key = workers[0].key
        _ = try await one.engine.registrar.register(
            key, providerID: fleet.provider.id,
            proof: .object(["token": .string(call.registrationToken(key.id).reveal())]))
        let question = ClaimQuestion(worker: key, requestID: "r", tasks: 1, holding: [])
        let claim = Task { try await one.engine.queue.claim(question, wait: .seconds(30)) }
        await fleet.clock.untilSleeping(for: .seconds(30)...(.seconds(30)))
        // Nobody is told of it: as if the notification had been lost on its way.
        try await fleet.store.write(in: .store) { transaction in
            let task = QueuedTask(
                id: TaskID(rawValue: "t"), poolID: pool, tenant: .unnamed, priority: .medium,
                payload: TaskPayload(command: ["true"]), submittedAt: Timestamp(milliseconds: 0),
                deadlineAt: Timestamp(milliseconds: .max), retriesLeft: 1)
            let silent = SilentTransaction(transaction)
            _ = try await silent.submit([task])
        }
        fleet.clock.advance(by: EnginePolicy().lineInterval)
        #expect(try await claim.value.tasks.map(\.id) == [TaskID(rawValue: "t")])
        await one.engine.stop(within: .seconds(5))
        await fleet.store.close()
    }
}

/// Writes without a signal.
private final class SilentTransaction: WriteTransaction {
    private let transaction: any WriteTransaction

    init(_ transaction: any WriteTransaction) { self.transaction = transaction }

    func rows(_ sql: String, _ values: [any SQLConvertible]) async throws -> [Row] {
        try await transaction.rows(sql, values)
    }

    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) async throws -> [[Row]] {
        try await transaction.rows(sql, forEach: values)
    }

    func run(_ sql: String, _ values: [any SQLConvertible]) async throws -> Int {
        try await transaction.run(sql, values)
    }

    func change(_ change: BulkChange, _ values: [[any SQLConvertible]]) async throws {
        try await transaction.change(change, values)
    }

    func lock(limits: Set<String>) async throws { try await transaction.lock(limits: limits) }

    func signal(_ signal: StoreSignal) {}

    func now() async throws -> Timestamp { try await transaction.now() }
}
