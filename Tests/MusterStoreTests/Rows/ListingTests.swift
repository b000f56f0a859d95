import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("Listings")
struct ListingTests {
    private static let other = PoolID(rawValue: "demo/other")

    /// Two pools with workers `a` to `e` each, of which `a` has gone and `b` is being drained.
    private func fill(_ store: any Store) async throws {
        for pool in [samplePool, Self.other] {
            try await definePool(store, pool)
            for name in ["c", "a", "e", "b", "d"] {
                let key = try await runWorker(store, name, pool: pool)
                guard name == "a" || name == "b" else { continue }
                try await store.write(in: .store) { transaction in
                    guard let old = try await transaction.worker(key) else { return }
                    var worker = old
                    _ = name == "a" ? worker.gone(at: noon, because: "x") : worker.drain(because: "x")
                    try await transaction.save(worker, was: old, lookAt: nil)
                }
            }
        }
    }

    /// All pages of a listing.
    private func pages<Element, Mark>(
        _ store: any Store,
        _ page: @escaping @Sendable (any ReadTransaction, Mark?) async throws -> Page<Element, Mark>
    ) async throws -> [[Element]] {
        var pages: [[Element]] = []
        var mark: Mark?
        repeat {
            let start = mark
            let next = try await store.read { try await page($0, start) }
            pages.append(next.elements)
            mark = next.next
        } while mark != nil && pages.count < 100
        return pages
    }

    @Test(
        "Workers come by pool and name, page by page, those that have gone only if asked for",
        arguments: StoreEngine.allCases)
    func workers(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await fill(store)
            func names(_ filter: WorkerFilter, limit: Int = 3) async throws -> [String] {
                try await pages(store) { try await $0.workers(filter, after: $1, limit: limit) }
                    .map { $0.map { "\($0.key.poolID.name)-\($0.key.id)" }.joined(separator: " ") }
            }
            #expect(
                try await names(WorkerFilter()) == [
                    "build-b build-c build-d", "build-e other-b other-c", "other-d other-e",
                ])
            // The last page is full, and is known to be the last.
            #expect(
                try await names(WorkerFilter(pool: samplePool), limit: 2) == [
                    "build-b build-c", "build-d build-e",
                ])
            #expect(try await names(WorkerFilter(bucket: .stopped)) == ["build-a other-a"])
            #expect(try await names(WorkerFilter(pool: Self.other, bucket: .draining)) == ["other-b"])
            #expect(try await names(WorkerFilter(bucket: .overdue)) == [""])
            #expect(try await names(WorkerFilter(name: WorkerID(rawValue: "a"))) == ["build-a other-a"])
            let none = WorkerFilter(launchConfig: LaunchConfigID(rawValue: "none"))
            #expect(try await names(none) == [""])
            #expect(
                try await names(WorkerFilter(pool: samplePool, launchConfig: sampleConfig), limit: 9) == [
                    "build-b build-c build-d build-e"
                ])
        }
    }

    @Test("Launches come newest first", arguments: StoreEngine.allCases)
    func launches(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            for pool in [samplePool, Self.other] { try await definePool(store, pool) }
            for index in 1...5 {
                let launch = Launch(
                    id: LaunchID(rawValue: "l\(index)"), poolID: index == 2 ? Self.other : samplePool,
                    launchConfigID: sampleConfig, providerID: ProviderID(rawValue: "local"), count: 1,
                    capacityPerInstance: 1, body: "{}", epoch: 1, plannedAt: noon)
                try await store.write(in: .store) { transaction in
                    try await transaction.save(launch, was: nil)
                    guard index > 3 else { return }
                    var settled = launch
                    _ = settled.settle(obtained: 1, error: nil, at: noon)
                    try await transaction.save(settled, was: launch)
                }
            }
            func ids(_ pool: PoolID? = nil, _ state: Launch.State? = nil) async throws -> [String] {
                try await pages(store) {
                    try await $0.launches(of: pool, state: state, before: $1, limit: 2)
                }.map { $0.map(\.id.rawValue).joined(separator: " ") }
            }
            #expect(try await ids() == ["l5 l4", "l3 l2", "l1"])
            #expect(try await ids(samplePool) == ["l5 l4", "l3 l1"])
            #expect(try await ids(nil, .planned) == ["l3 l2", "l1"])
            #expect(try await ids(Self.other, .settled) == [""])
        }
    }

    @Test(
        "Launch configs come by pool and name, archived ones only if asked for",
        arguments: StoreEngine.allCases)
    func launchConfigs(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            for pool in [samplePool, Self.other] {
                try await definePool(store, pool)
                var config = LaunchConfig(
                    poolID: pool,
                    definition: LaunchConfigDefinition(
                        id: LaunchConfigID(rawValue: "old"), content: .object([:]), settings: .init()),
                    createdAt: noon)
                config.archivedAt = noon
                let archived = config
                try await store.write(in: .store) { try await $0.save(archived, ordinal: 7) }
            }
            func names(_ pool: PoolID? = nil, archived: Bool = false) async throws -> [String] {
                try await pages(store) {
                    try await $0.launchConfigs(of: pool, archived: archived, after: $1, limit: 2)
                }.map { $0.map { "\($0.poolID.name)-\($0.id)" }.joined(separator: " ") }
            }
            #expect(try await names() == ["build-standard other-standard"])
            #expect(
                try await names(archived: true) == ["build-old build-standard", "other-old other-standard"])
            #expect(try await names(Self.other, archived: true) == ["other-old other-standard"])
        }
    }

    @Test(
        "A launch config's pause is written in place: its ordinal and all else of it stay",
        arguments: StoreEngine.allCases)
    func pause(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            try await store.write(in: .store) { transaction in
                guard let config = try await transaction.launchConfig(sampleConfig, of: samplePool) else {
                    return
                }
                try await transaction.save(config, ordinal: 4)
            }
            let before = try await store.read { try await $0.launchConfig(sampleConfig, of: samplePool) }
            let pause = Pause(until: noon + .seconds(9), reason: "why")
            try await store.write(in: .store) { try await $0.save(pause, of: sampleConfig, in: samplePool) }
            var expected = try #require(before)
            expected.pause = pause
            #expect(
                try await store.read { try await $0.launchConfig(sampleConfig, of: samplePool) } == expected)
            let ordinal = try await store.read { transaction in
                try await transaction.row("SELECT ordinal FROM launch_configs")?.integer("ordinal")
            }
            #expect(ordinal == 4)
            try await store.write(in: .store) { try await $0.save(nil, of: sampleConfig, in: samplePool) }
            #expect(
                try await store.read { try await $0.launchConfig(sampleConfig, of: samplePool) } == before)
        }
    }

    @Test(
        "The audit comes latest first, of one person, about one thing or since a moment",
        arguments: StoreEngine.allCases)
    func audit(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await store.write(in: .store) { transaction in
                for index in 0..<6 {
                    // Two share each moment.
                    try await transaction.audit(
                        actor: index % 3 == 0 ? "Ada" : "Bob", action: "a\(index)",
                        subject: index < 4 ? "pool/a/b" : "fleet", detail: .object([:]),
                        at: noon + .seconds(Int64(index / 2)))
                }
            }
            func actions(_ filter: AuditFilter = AuditFilter()) async throws -> [String] {
                try await pages(store) { try await $0.audit(filter, before: $1, limit: 3) }
                    .map { $0.map(\.action).joined(separator: " ") }
            }
            #expect(try await actions() == ["a5 a4 a3", "a2 a1 a0"])
            #expect(try await actions(AuditFilter(actor: "Ada")) == ["a3 a0"])
            #expect(try await actions(AuditFilter(subject: "fleet")) == ["a5 a4"])
            #expect(try await actions(AuditFilter(since: noon + .seconds(1))) == ["a5 a4 a3", "a2"])
            #expect(try await actions(AuditFilter(since: noon + .seconds(1), actor: "Ada")) == ["a3"])
        }
    }

    @Test(
        "Plans come newest first, each with how often it was written down",
        arguments: StoreEngine.allCases)
    func plans(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            for (index, wanted) in [1, 1, 2, 3, 3, 3].enumerated() {
                var generator = SeededGenerator(seed: 1)
                let snapshot = PoolSnapshot(
                    poolID: samplePool, scale: PoolScale(minCapacity: wanted, maxCapacity: 9),
                    demand: .unknown(because: "x"), launchConfigs: [])
                let plan = Decision.plan(for: snapshot, now: noon, using: &generator)
                let document = PlanDocument(plan, poolID: samplePool, at: noon + .seconds(Int64(index)))
                try await store.write(in: .store) { try await $0.save(document, keep: 10) }
            }
            let pages = try await pages(store) {
                try await $0.plans(of: samplePool, before: $1, limit: 2)
            }
            #expect(pages.map { $0.map(\.document.wanted) } == [[3, 2], [1]])
            #expect(pages.map { $0.map(\.repeats) } == [[3, 1], [2]])
            #expect(pages[0][0].firstAt == noon + .seconds(3) && pages[0][0].lastAt == noon + .seconds(5))
        }
    }
}
