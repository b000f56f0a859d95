import FoundationEssentials
import MusterCore
import MusterRuntime
import Testing

@testable import MusterSimulator

@Suite("Scenarios of what operators fear")
struct ScenarioTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/fixtures/scenarios"

    static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()

    @Test("There are ten of them")
    func all() { #expect(Self.files.count >= 10) }

    @Test("end as expected", arguments: files)
    func expected(file: String) throws {
        let scenario = try Scenario(file: "\(Self.folder)/\(file)")
        let violations = try scenario.check()
        #expect(violations.isEmpty, "\(violations.joined(separator: "; ")): \(scenario.description)")
    }

    @Test("An expectation that is not met is told, with the figure")
    func violations() throws {
        let text = """
            {"description": "d", "tasks": [{"count": 1, "duration": 60}],
             "cloud": {"boot": {"median": 120, "sigma": 0}},
             "expect": [
                {"measure": "waitMean", "atMost": 100}, {"measure": "waitMean", "atLeast": 100},
                {"measure": "launches", "policy": "plain", "against": "muster", "atLeast": 2},
                {"measure": "asked", "launchConfig": "nobody", "atLeast": 2}]}
            """
        let scenario = try Scenario(name: "s", try JSON.document(Array(text.utf8)))
        #expect(
            try scenario.check() == [
                "waitMean of muster is 121.000, and should be at most 100.0",
                "launches of plain by that of muster is 1.000, and should be at least 2.0",
                "asked of muster: there is no such figure",
            ])
    }

    @Test("A file that is none is refused with all that is wrong with it")
    func refused() throws {
        let text = """
            {"tasks": [{"every": 1}], "pool": {"maxCapacity": -1, "minimum": 2},
             "expect": [{"policy": "none", "measure": "wait"}, {"measure": "launches"}]}
            """
        let problems = #expect(throws: Problems.self) {
            try Scenario(name: "s", try JSON.document(Array(text.utf8)))
        }
        let fields = Set(problems?.all.compactMap(\.field) ?? [])
        #expect(
            fields == [
                "description", "tasks[0].count", "pool.maxCapacity", "pool.minimum", "expect[0].policy",
                "expect[0].measure", "expect[0].atMost", "expect[1].atMost",
            ])
    }
}
