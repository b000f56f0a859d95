import MusterCore
import Testing

@testable import MusterBench

@Suite("Budgets")
struct BudgetTests {
    @Test(
        "hold below a bound, or at and above one",
        arguments: [
            (.below(20), 19.9, true), (.below(20), 20, false), (.below(20), .nan, false),
            (.atLeast(5), 5, true), (.atLeast(5), 4.99, false), (.atLeast(5), .infinity, true),
            (.atMost(1.3), 1.3, true), (.atMost(1.3), 1.31, false), (.atMost(1.3), .nan, false),
        ] as [(Budget.Bound, Double, Bool)])
    func bounds(bound: Budget.Bound, value: Double, holds: Bool) {
        #expect(bound.holds(for: value) == holds)
    }

    @Test("judge the median of their figure, and nothing when it was not measured")
    func judged() {
        let budget = Budget("x", of: .latencyCall, .below(20), because: "a test")
        let judgement = budget.judged(by: [
            Figure(.memory, [1]), Figure(.latencyCall, [1_000, 3, 2, 1, 5]),
        ])
        #expect(judgement?.value == 3)
        #expect(judgement?.holds == true)
        #expect(budget.judged(by: [Figure(.memory, [1])]) == nil)
    }

    @Test("have names of their own, and each a reason")
    func names() {
        #expect(Set(Budgets.all.map(\.name)).count == Budgets.all.count)
        #expect(Budgets.all.allSatisfy { !$0.reason.isEmpty })
    }

    /// Everything that can be measured.
    private static let all = Wanted(longQueue: 2_000_000)

    @Test("are there for every benchmark, and about figures that one gives")
    func figures() {
        let given = Benchmark.all.flatMap { $0.figures(Self.all) }
        for benchmark in Benchmark.all {
            let figures = benchmark.figures(Self.all)
            #expect(Budgets.all.contains { figures.contains($0.figure) }, "\(benchmark.name)")
            #expect(figures.allSatisfy { $0.text.hasPrefix(benchmark.name + ".") })
        }
        for budget in Budgets.all { #expect(given.contains(budget.figure), "\(budget.name)") }
        #expect(Set(given.map(\.text)).count == given.count)
    }

    @Test("are about the figures of the engines that are measured, and of a long queue when there is one")
    func choice() {
        let sqlite = Benchmark.all.flatMap { $0.figures(Wanted(engines: [.sqlite])) }.map(\.text)
        #expect(!sqlite.contains { $0.contains("postgres") || $0.contains("replicas") })
        #expect(sqlite.contains { $0.hasPrefix("claims.sqlite.") })
        let usual = Benchmark.all.flatMap { $0.figures(Wanted()) }.map(\.text)
        #expect(!usual.contains { $0.contains("long-queue") })
        #expect(usual.contains { $0.hasPrefix("claims.postgres.") })
    }

    @Test("cannot be kept by a figure that a benchmark forgets")
    func forgotten() async {
        let forgetful = Benchmark(name: "latency", summary: "", figures: { _ in FigureName.latency }) { _ in
            [Figure(.latencyCall, [1])]
        }
        await #expect(throws: (any Error).self) {
            _ = try await forgetful.measured(in: Self.surroundings)
        }
    }

    @Test("are not asked of a benchmark that has nothing to measure")
    func nothing() async throws {
        let idle = Benchmark(name: "replicas", summary: "", figures: { _ in [] }) { _ in
            throw Problem(.internalError, "it ran")
        }
        #expect(try await idle.measured(in: Self.surroundings).isEmpty)
    }

    private static let surroundings = Surroundings(
        seed: 1, folder: "/tmp", program: "muster", ownProgram: "muster-bench", wanted: Wanted(),
        postgres: PostgresGround(given: nil, folder: "/tmp"))
}
