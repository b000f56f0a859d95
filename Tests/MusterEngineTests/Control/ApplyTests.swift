import MusterCore
import MusterCrypto
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Applying a definition")
struct ApplyTests {
    private static let second = PoolID(rawValue: "demo/second")

    private func definition(
        _ configs: KeyValuePairs<String, LaunchConfigSettings>, of id: PoolID = EngineBench.pool,
        max: Int = 10, content: String = "a"
    ) -> PoolDefinition {
        PoolDefinition(
            id: id, providerID: ProviderID(rawValue: "scripted"), scale: PoolScale(maxCapacity: max),
            launchConfigs: configs.map { name, settings in
                LaunchConfigDefinition(
                    id: LaunchConfigID(rawValue: name), content: .object(["image": .string(content)]),
                    settings: settings)
            })
    }

    private func apply(
        _ bench: EngineBench, _ definitions: [PoolDefinition], prune: Bool = false, dryRun: Bool = false
    ) async throws -> [PoolChange] {
        try await bench.control.apply(definitions, prune: prune, dryRun: dryRun, by: "Ada")
    }

    private func changes(_ changes: [PoolChange]) -> [String] {
        changes.flatMap { change in change.changes.map { "\(change.workerPoolId) \($0.what): \($0.how)" } }
    }

    @Test("applies the difference that was shown, and no other")
    func asShown() async throws {
        let bench = try await EngineBench()
        let wanted = [definition(["one": .init()], max: 5)]
        let shown = try await apply(bench, wanted, dryRun: true)
        // Somebody else defines the pool in between, with another bound.
        _ = try await apply(bench, [definition(["one": .init()], max: 9)])
        let before = try await bench.store.read { try await $0.rows("SELECT * FROM audit").count }
        let problem = await #expect(throws: Problem.self) {
            _ = try await bench.control.apply(
                wanted, prune: false, dryRun: false, asShown: shown.digest, by: "Ada")
        }
        #expect(problem?.code == .conflict && problem?.message.contains("nothing was applied") == true)
        #expect(
            try await bench.store.read { try await $0.pool(EngineBench.pool)?.definition.scale.maxCapacity }
                == 9)
        #expect(try await bench.store.read { try await $0.rows("SELECT * FROM audit").count } == before)

        let again = try await apply(bench, wanted, dryRun: true)
        #expect(again.digest != shown.digest)
        #expect(changes(again) == ["demo/build maxCapacity: 9 → 5"])
        // What changes elsewhere without changing the difference is no reason to refuse.
        _ = try await bench.control.pause(EngineBench.pool, Pause(), by: "Bob")
        let applied = try await bench.control.apply(
            wanted, prune: false, dryRun: false, asShown: again.digest, by: "Ada")
        #expect(applied == again && applied.digest == again.digest)
    }

    @Test("creates pools and launch configs, with their events in the same transaction, and says so")
    func creates() async throws {
        let bench = try await EngineBench()
        let before = bench.store.writes
        let made = try await apply(
            bench,
            [
                definition(["one": .init(), "two": .init(capacityPerInstance: 4)]),
                definition(["one": .init()], of: Self.second),
            ])
        #expect(
            changes(made) == [
                "demo/build pool: created", "demo/build launch config one: created",
                "demo/build launch config two: created", "demo/second pool: created",
                "demo/second launch config one: created",
            ])
        #expect(bench.store.writes == before + 1)
        #expect(
            try await bench.events().map { "\($0.type.rawValue.dropFirst(11)) \($0.subject)" } == [
                "launch-config.created launch-config/demo/build/one",
                "launch-config.created launch-config/demo/build/two", "pool.created pool/demo/build",
                "launch-config.created launch-config/demo/second/one", "pool.created pool/demo/second",
            ])
        #expect(
            try await bench.audit().map { "\($0.actor) \($0.action) \($0.subject)" } == [
                "Ada apply pool/demo/build", "Ada apply pool/demo/second",
            ])
        let configs = try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool) }
        #expect(configs.map(\.id.rawValue) == ["one", "two"])
        #expect(configs.map(\.definition.settings.capacityPerInstance) == [1, 4])
    }

    @Test("again with the same definition changes nothing, publishes nothing and audits nothing")
    func unchanged() async throws {
        let bench = try await EngineBench()
        let same = definition(["one": .init()])
        _ = try await apply(bench, [same])
        let (events, audit) = (try await bench.events(), try await bench.audit())
        bench.clock.advance(by: .seconds(60))
        #expect(try await apply(bench, [same]) == [])
        #expect(try await bench.events() == events)
        #expect(try await bench.audit() == audit)
        let pool = try await bench.store.read { try await $0.pool(EngineBench.pool) }
        #expect(pool?.modifiedAt == pool?.createdAt)
    }

    @Test("changes weight, caps and the pool's own fields in place, and keeps what was learned of the config")
    func inPlace() async throws {
        let bench = try await EngineBench()
        _ = try await apply(bench, [definition(["one": .init()])])
        let now = bench.clock.now()
        try await bench.store.write(in: .store) {
            try await $0.changeHealth(of: LaunchConfigID(rawValue: "one"), in: EngineBench.pool) {
                $0.note(.refused(3, .transient), at: now)
            }
        }
        var changed = definition(
            ["one": .init(capacityPerInstance: 2, initialWeight: 0.5, maxCapacity: 6)], max: 20)
        changed.description = "builds"
        changed.owner = "ada@example.org"
        changed.emailOnError = true
        changed.scale.minCapacity = 1
        changed.scale.scalingRatio = 0.25
        changed.lifecycle.idleTimeout = .seconds(7)
        let made = changes(try await apply(bench, [changed]))
        #expect(
            made.filter { !$0.contains("lifecycle") } == [
                "demo/build description:  → builds", "demo/build owner:  → ada@example.org",
                "demo/build emailOnError: false → true", "demo/build minCapacity: 0 → 1",
                "demo/build maxCapacity: 10 → 20", "demo/build scalingRatio: 1.0 → 0.25",
                "demo/build launch config one: capacityPerInstance: 1 → 2",
                "demo/build launch config one: initialWeight: 1.0 → 0.5",
                "demo/build launch config one: maxCapacity: none → 6",
            ])
        #expect(made.contains { $0.contains("lifecycle") && $0.contains("\"idleTimeout\":7") })
        let config = try await bench.store.read {
            try await $0.launchConfig(LaunchConfigID(rawValue: "one"), of: EngineBench.pool)
        }
        #expect(config?.health.failures == 3)
        #expect(
            config?.definition.settings
                == LaunchConfigSettings(capacityPerInstance: 2, initialWeight: 0.5, maxCapacity: 6))
        #expect(try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool).count } == 1)
        #expect(
            try await bench.events().suffix(2).map(\.type) == [.launchConfigUpdated, .poolUpdated])
    }

    @Test("with other content under a name that is taken is a conflict, and the whole set is refused")
    func otherContent() async throws {
        let bench = try await EngineBench()
        _ = try await apply(bench, [definition(["one": .init()])])
        let before = try await bench.everything()
        let problem = await #expect(throws: Problem.self) {
            try await apply(
                bench,
                [
                    definition(["one": .init()], of: Self.second),
                    definition(["zero": .init(), "one": .init()], content: "b"),
                ])
        }
        #expect(problem?.code == .conflict)
        #expect(problem?.field == "config.launchConfigs[1]")
        #expect(problem?.message.contains("launch config one") == true)
        #expect(try await bench.everything() == before)
        #expect(try await bench.store.read { try await $0.poolIDs() } == [EngineBench.pool])
    }

    @Test("without a config archives it and tells its workers to finish; with it again takes it back")
    func archives() async throws {
        let bench = try await EngineBench()
        try await bench.define(["old": 1], min: 2)
        try await bench.pass()
        let workers = try await bench.registerAll()
        let old = LaunchConfigID(rawValue: "old")
        try await bench.define(["new": 1], min: 2)
        let archived = try await bench.store.read { try await $0.launchConfig(old, of: EngineBench.pool) }
        #expect(archived?.archivedAt == bench.clock.now())
        for worker in workers {
            #expect(try await bench.worker(worker)?.drain == StopReason.archived)
        }
        #expect(
            try await bench.events().suffix(5).map(\.type) == [
                .launchConfigCreated, .launchConfigArchived, .workerDraining, .workerDraining, .poolUpdated,
            ])
        #expect(try await bench.bucketsAreTrue())
        // Once is enough: a second time does not archive it again.
        let count = try await bench.events().count
        try await bench.define(["new": 1], min: 2)
        #expect(try await bench.events().count == count)

        bench.clock.advance(by: .seconds(60))
        try await bench.define(["new": 1, "old": 1], min: 2)
        let back = try await bench.store.read { try await $0.launchConfig(old, of: EngineBench.pool) }
        #expect(back?.archivedAt == nil)
        #expect(try #require(try await bench.audit().last).detail.contains("taken back from the archive"))
        #expect(try await bench.events().suffix(2).map(\.type) == [.launchConfigUpdated, .poolUpdated])
        // What was told to finish does so: it was not asked to for its own sake.
        #expect(try await bench.worker(workers[0])?.bucket == .draining)
    }

    @Test(
        "names launch configs that name themselves by nothing after their content, with ordinals for equals")
    func derivedIDs() async throws {
        let bench = try await EngineBench()
        func parsed(_ images: [String]) throws -> PoolDefinition {
            let configs = images.map { #"{"image":"\#($0)"}"# }.joined(separator: ",")
            return try PoolDefinition(
                try JSON.document(
                    Array(
                        #"{"workerPoolId":"demo/build","providerId":"scripted","config":{"maxCapacity":5,"launchConfigs":[\#(configs)]}}"#
                            .utf8)), digest: SHA256.hash)
        }
        _ = try await apply(bench, [try parsed(["a", "b", "a", "a"])])
        let configs = try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool) }
        let stems = ["a", "b"].map { "lc-" + SHA256.hex(#"{"image":"\#($0)"}"#).prefix(20) }
        #expect(
            configs.map(\.id.rawValue) == [stems[0], stems[1], stems[0] + "-2", stems[0] + "-3"])
        // One fewer of them archives the last; the order of the others does not matter.
        let made = changes(try await apply(bench, [try parsed(["b", "a", "a"])]))
        #expect(made == ["demo/build launch config \(stems[0])-3: archived: its workers finish"])
    }

    @Test("as a dry run says the same and changes nothing")
    func dryRun() async throws {
        let bench = try await EngineBench()
        try await bench.define(["one": 1], min: 1)
        try await bench.pass()
        let set = [
            definition(["two": .init()], max: 5), definition(["one": .init()], of: Self.second),
        ]
        let before = try await bench.everything()
        let planned = try await apply(bench, set, dryRun: true)
        #expect(try await bench.everything() == before)
        #expect(try await apply(bench, set) == planned)
        #expect(planned.count == 2)
        #expect(try await bench.everything() != before)
    }

    @Test("as a dry run finds the same conflicts")
    func dryRunConflict() async throws {
        let bench = try await EngineBench()
        _ = try await apply(bench, [definition(["one": .init()])])
        let problem = await #expect(throws: Problem.self) {
            try await apply(bench, [definition(["one": .init()], content: "b")], dryRun: true)
        }
        #expect(problem?.code == .conflict)
    }

    @Test("and pruning deletes the pools that are not named, and leaves them without")
    func prune() async throws {
        let bench = try await EngineBench()
        let both = [definition(["one": .init()]), definition(["one": .init()], of: Self.second)]
        _ = try await apply(bench, both)
        #expect(try await apply(bench, [both[0]]) == [])
        #expect(
            changes(try await apply(bench, [both[0]], prune: true, dryRun: true)) == [
                "demo/second pool: deleted: its workers finish"
            ])
        #expect(try await bench.store.read { try await $0.pool(Self.second) }?.isDeleted == false)
        #expect(
            changes(try await apply(bench, [both[0]], prune: true)) == [
                "demo/second pool: deleted: its workers finish"
            ])
        #expect(try await bench.store.read { try await $0.pool(Self.second) }?.isDeleted == true)
        #expect(try await apply(bench, [both[0]], prune: true) == [])
        // Named again it is defined anew, whatever is left of the old one.
        #expect(try await apply(bench, both).first?.changes.first == .init("pool", "created", .added))
        #expect(try await bench.store.read { try await $0.pool(Self.second) }?.isDeleted == false)
    }

    @Test("for a provider that is not enabled is refused, and says which are")
    func unknownProvider() async throws {
        let bench = try await EngineBench()
        var stray = definition(["one": .init()], of: Self.second)
        stray.providerID = ProviderID(rawValue: "moon")
        let problem = await #expect(throws: Problem.self) {
            try await apply(bench, [definition(["one": .init()]), stray])
        }
        #expect(problem?.code == .providerUnknown && problem?.field == "providerId")
        #expect(problem?.message.contains("enabled are scripted") == true)
        #expect(try await bench.store.read { try await $0.poolIDs() } == [])
    }

    @Test("tells of what the provider has against each launch config, with the field's whole path")
    func providerProblems() async throws {
        let bench = try await EngineBench()
        var bad = definition(["one": .init(), "two": .init(), "three": .init()])
        bad.launchConfigs[1].content = .object(["invalid": .integer(1)])
        bad.launchConfigs[2].content = Document(.array([]))
        let problems = await #expect(throws: Problems.self) { try await apply(bench, [bad]) }
        #expect(
            problems?.all.map(\.field) == [
                "demo/build: config.launchConfigs[1].invalid", "demo/build: config.launchConfigs[2]",
            ])
        #expect(try await bench.store.read { try await $0.poolIDs() } == [])
    }

    @Test("that names one pool twice is refused")
    func twice() async throws {
        let bench = try await EngineBench()
        let problem = await #expect(throws: Problem.self) {
            try await apply(bench, [definition(["one": .init()]), definition(["two": .init()])])
        }
        #expect(problem?.code == .inputInvalid && problem?.field == "workerPoolId")
        #expect(try await bench.store.read { try await $0.poolIDs() } == [])
    }
}

extension EngineBench {
    /// Every row of the tables that a definition or an order can change, as text.
    func everything() async throws -> [String] {
        try await store.readOutbox { transaction in
            var rows: [String] = []
            let shapes = try await transaction.columnsOfTables()
            for table in [
                "pools", "launch_configs", "workers", "launches", "capacity", "outbox", "audit", "settings",
            ] {
                let columns = shapes[table] ?? []
                for row in try await transaction.rows("SELECT * FROM \(table) ORDER BY 1, 2") {
                    rows.append(try table + columns.map { " \(try row.value($0))" }.joined())
                }
            }
            return rows
        }
    }
}
