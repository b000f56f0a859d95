import MusterCore
import MusterStore
import MusterTesting
import Testing

@Suite("Marks of offerings in the store")
struct OfferingTests {
    private let local = ProviderID(rawValue: "local")
    private let other = ProviderID(rawValue: "other")

    private func mark(
        _ name: String, of provider: ProviderID? = nil, markedAt: Int64 = 0, until: Int64 = 180,
        cause: OfferingMark.Cause = .capacity
    ) -> OfferingMark {
        OfferingMark(
            providerID: provider ?? local, name: name, cause: cause, cloudCode: "ICE",
            message: "none is left",
            markedAt: noon + .seconds(markedAt), until: noon + .seconds(until))
    }

    private func marks(
        _ store: any Store, _ names: Set<String>, of provider: ProviderID? = nil, after seconds: Int64 = 0
    ) async throws -> [OfferingMark] {
        let provider = provider ?? local
        return try await store.read {
            try await $0.offeringMarks(of: provider, named: names, at: noon + .seconds(seconds)).all
        }
    }

    private func save(_ store: any Store, _ marks: [OfferingMark]) async throws {
        try await store.write(in: .pool(samplePool)) { try await $0.save(marks) }
    }

    @Test("Marks are read as they were written, by provider and name", arguments: StoreEngine.allCases)
    func readByName(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let all = [
                mark("a"), mark("spot/c5.large/us-east-1a", cause: .quota), mark("a", of: other, until: 90),
            ]
            try await save(store, all)
            #expect(
                try await marks(store, ["a", "spot/c5.large/us-east-1a", "none"]) == Array(all.prefix(2)))
            #expect(try await marks(store, ["a"], of: other) == [all[2]])
            #expect(try await marks(store, []).isEmpty)
        }
    }

    @Test("A mark takes the place of the one that had its name", arguments: StoreEngine.allCases)
    func renewed(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await save(store, [mark("a", until: 600, cause: .quota), mark("b")])
            try await save(store, [mark("a", markedAt: 60, until: 240)])
            #expect(try await marks(store, ["a", "b"]) == [mark("a", markedAt: 60, until: 240), mark("b")])
        }
    }

    @Test("One that ended long ago is not read, and is deleted", arguments: StoreEngine.allCases)
    func forgotten(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await save(store, [mark("a"), mark("b", until: 181), mark("c", of: other)])
            let quarter: Int64 = 15 * 60
            #expect(try await marks(store, ["a", "b"], after: 180 + quarter - 1).map(\.name) == ["a", "b"])
            #expect(try await marks(store, ["a", "b"], after: 180 + quarter).map(\.name) == ["b"])
            func delete(limit: Int) async throws -> Int {
                try await store.write(in: .named("retention")) {
                    try await $0.deleteOfferingMarks(before: noon + .seconds(181), limit: limit)
                }
            }
            #expect(try await delete(limit: 1) == 1)
            #expect(try await delete(limit: 5) == 1)
            #expect(try await delete(limit: 5) == 0)
            #expect(try await marks(store, ["c"], of: other).isEmpty)
            #expect(try await marks(store, ["a", "b"]).map(\.name) == ["b"])
        }
    }

    @Test(
        "What is taken back goes, unless it was made anew since it was read", arguments: StoreEngine.allCases)
    func takenBack(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await save(store, [mark("a"), mark("b")])
            let read = try await marks(store, ["a", "b"])
            try await save(store, [mark("b", markedAt: 1, until: 181)])
            try await store.write(in: .pool(samplePool)) { try await $0.delete(read) }
            #expect(try await marks(store, ["a", "b"]).map(\.name) == ["b"])
        }
    }

    @Test("Marks move along with the clock, and last as long as before", arguments: StoreEngine.allCases)
    func clock(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await save(store, [mark("a"), mark("late", markedAt: 3_700, until: 3_880)])
            _ = try await store.write(in: .store) {
                try await $0.moveTimes(by: .seconds(3_600), at: noon + .seconds(3_660))
            }
            #expect(
                try await marks(store, ["a", "late"], after: 3_660) == [
                    mark("a", markedAt: 3_600, until: 3_780), mark("late", markedAt: 3_660, until: 3_840),
                ])
        }
    }

    @Test("Instances count as unanswered until their launch is settled", arguments: StoreEngine.allCases)
    func unanswered(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            try await definePool(store)
            func launch(_ id: String, _ count: Int) -> Launch {
                Launch(
                    id: LaunchID(rawValue: id), poolID: samplePool, launchConfigID: sampleConfig,
                    providerID: local, count: count, capacityPerInstance: 2, body: "", epoch: 1,
                    plannedAt: noon)
            }
            let launches = [launch("l1", 3), launch("l2", 4)]
            try await store.write(in: .pool(samplePool)) { transaction in
                for launch in launches { try await transaction.save(launch, was: nil) }
                var settled = launches[0]
                _ = settled.settle(obtained: 3, error: nil, at: noon)
                try await transaction.save(settled, was: launches[0])
            }
            #expect(
                try await store.read { try await $0.unansweredInstances(of: samplePool) } == [sampleConfig: 4]
            )
        }
    }
}
