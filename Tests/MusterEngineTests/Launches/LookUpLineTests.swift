import MusterCore
import Testing

@testable import MusterEngine

@Suite("The line of launches to look up")
struct LookUpLineTests {
    private func launches(_ names: [String], at provider: String) -> [LaunchReference] {
        names.enumerated().map { index, name in
            LaunchReference(
                id: LaunchID(rawValue: name), poolID: PoolID(rawValue: "a/b"),
                providerID: ProviderID(rawValue: provider),
                plannedAt: Timestamp(milliseconds: Int64(index)))
        }
    }

    private func next(
        _ line: inout LookUpLine, _ planned: [LaunchReference], busy: [String] = [], at seconds: Int
    ) -> [String] {
        line.next(
            of: planned, inFlight: Set(busy.map { LaunchID(rawValue: $0) }), limit: 2, at: .seconds(seconds)
        ).map(\.id.rawValue)
    }

    @Test("of one provider's many launches so many are looked up as may be, and another's beside them")
    func bound() {
        var line = LookUpLine()
        let planned = launches(["a", "b", "c", "d"], at: "x") + launches(["e"], at: "y")
        #expect(next(&line, planned, at: 0) == ["a", "b", "e"])
        #expect(next(&line, planned, busy: ["a", "b"], at: 0) == ["e"])
        #expect(next(&line, planned, busy: ["a"], at: 0) == ["b", "e"])
    }

    @Test("lets those go first that have waited longest, however old they are")
    func order() {
        var line = LookUpLine()
        let policy = EnginePolicy()
        let planned = launches(["a", "b", "c", "d"], at: "x")
        for (second, name) in ["a", "b"].enumerated() {
            line.note(LaunchID(rawValue: name), failed: false, at: .seconds(second), policy)
        }
        #expect(next(&line, planned, at: 5) == ["c", "d"])
        for (second, name) in ["d", "c"].enumerated() {
            line.note(LaunchID(rawValue: name), failed: false, at: .seconds(5 + second), policy)
        }
        #expect(next(&line, planned, at: 10) == ["a", "b"])
    }

    @Test("tries what cannot be looked up less and less often, a minute apart at the most")
    func backoff() {
        var line = LookUpLine()
        let policy = EnginePolicy()
        let planned = launches(["a"], at: "x")
        let a = LaunchID(rawValue: "a")
        for (failures, pause) in [5, 10, 20, 40, 60, 60].enumerated() {
            let now = 1_000 * failures
            line.note(a, failed: true, at: .seconds(now), policy)
            #expect(next(&line, planned, at: now + pause - 1) == [])
            #expect(next(&line, planned, at: now + pause) == ["a"])
        }
        line.note(a, failed: false, at: .seconds(9_000), policy)
        line.note(a, failed: true, at: .seconds(9_000), policy)
        #expect(next(&line, planned, at: 9_005) == ["a"])
    }

    @Test("remembers nothing of what is known")
    func forgets() {
        var line = LookUpLine()
        let policy = EnginePolicy()
        for _ in 0..<3 { line.note(LaunchID(rawValue: "a"), failed: true, at: .seconds(0), policy) }
        #expect(next(&line, [], at: 0) == [])
        #expect(next(&line, launches(["a"], at: "x"), at: 0) == ["a"])
    }
}
