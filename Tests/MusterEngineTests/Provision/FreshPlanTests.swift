import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("A plan that nobody carries out")
struct FreshPlanTests {
    private func engine(_ bench: EngineBench) -> Engine { Engine(bench.context, fleet: "fleet-1", sinks: []) }

    @Test("It says what a pass would decide, and writes nothing")
    func fresh() async throws {
        let bench = try await EngineBench()
        try await bench.define(["one": 1, "two": 1], max: 3)
        _ = try await bench.submit(5)
        let engine = engine(bench)
        let (before, writes) = (try await bench.everything(), bench.store.writes)
        let plan = try await engine.plan(of: EngineBench.pool)
        #expect(plan.wanted == 3 && plan.toLaunch == 3 && plan.at == bench.clock.now())
        #expect(plan.launches.map(\.instances).reduce(0, +) == 3)
        #expect(plan.reasons.map(\.code) == ["demand", "maximum"])
        #expect(try await engine.plan(of: EngineBench.pool).toLaunch == 3)
        #expect(bench.store.writes == writes)
        #expect(try await bench.everything() == before)
        #expect(bench.provider.calls.isEmpty)
        try await bench.pass()
        #expect(try await bench.plan()?.wanted == 3)
        #expect(try await engine.plan(of: EngineBench.pool).toLaunch == 0)
    }

    @Test("Of a pool that is not there there is none")
    func unknown() async throws {
        let bench = try await EngineBench()
        let problem = await #expect(throws: Problem.self) {
            try await engine(bench).plan(of: EngineBench.pool)
        }
        #expect(problem?.code == .poolNotFound)
    }
}
