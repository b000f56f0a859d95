import Testing

@testable import MusterBench

@Suite("Budgets")
struct BudgetTests {
    @Test(
        "hold below a bound, or at and above one",
        arguments: [
            (.below(20), 19.9, true), (.below(20), 20, false), (.below(20), .nan, false),
            (.atLeast(5), 5, true), (.atLeast(5), 4.99, false), (.atLeast(5), .infinity, true),
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

    @Test("are there for every benchmark, and every figure belongs to exactly one")
    func figures() {
        for benchmark in Benchmark.all {
            #expect(Budgets.all.contains { benchmark.figures.contains($0.figure) }, "\(benchmark.name)")
        }
        #expect(Benchmark.all.flatMap(\.figures).map(\.rawValue) == FigureName.allCases.map(\.rawValue))
    }

    @Test("cannot be kept by a figure that a benchmark forgets")
    func forgotten() async {
        let forgetful = Benchmark(name: "latency", summary: "") { _ in [Figure(.latencyCall, [1])] }
        await #expect(throws: (any Error).self) {
            _ = try await forgetful.measured(in: Surroundings(seed: 1, folder: "/tmp", program: "muster"))
        }
    }
}
