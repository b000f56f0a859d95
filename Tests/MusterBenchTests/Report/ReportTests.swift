import MusterCore
import MusterRuntime
import Testing

@testable import MusterBench

@Suite("Reports")
struct ReportTests {
    private static let machine = MachineFacts(
        cores: 2, cpu: "A Processor", memoryBytes: 8 << 30, kernel: "Linux 6.1", swift: "6.3",
        build: "release",
        sqlite: "3.40.1", postgres: "15.20", fileSystem: "ext4")
    private static let ratio = ClaimsCase(engine: .sqlite, tenants: 100, waiting: 64).cyclesRatio
    private static let budgets = [
        Budget("quick", of: .latencyCall, .below(20), because: "a test"),
        Budget("many", of: ratio, .atLeast(5), because: "a test"),
        Budget("small", of: .memory, .below(40), because: "a test"),
    ]

    private static func report(_ figures: [Figure]) -> Report {
        Report(machine: machine, seed: 7, figures: figures, budgets: budgets)
    }

    private static let mixed = report([Figure(.latencyCall, [2, 4, 3]), Figure(ratio, [1.5, 2.5])])

    @Test("hold when every bound on what was measured does")
    func holds() {
        #expect(!Self.mixed.holds)
        #expect(Self.report([Figure(.latencyCall, [2])]).holds)
    }

    @Test(
        "are JSON with the machine, the figures, and for each bound its name, value, bound and whether it holds"
    )
    func json() throws {
        let document = try JSON.document(JSON.encode(ReportDocument(Self.mixed), pretty: true))
        #expect(document["machine"]?["cores"]?.value == .integer(2))
        #expect(document["machine"]?["fileSystem"]?.value == .string("ext4"))
        #expect(document["machine"]?["postgres"]?.value == .string("15.20"))
        #expect(document["machine"]?["swift"]?.value == .string("6.3"))
        #expect(document["seed"]?.value == .integer(7))
        guard case .array(let figures) = document["figures"]?.value,
            case .array(let budgets) = document["budgets"]?.value
        else {
            Issue.record("the report has no lists")
            return
        }
        #expect(
            figures.map { $0["name"]?.value } == [
                .string("latency.submit-to-call"),
                .string("claims.sqlite.100-tenants.64-waiting.claim-and-finish-to-single-row"),
            ])
        #expect(figures[0]["median"]?.value == .integer(3))
        #expect(figures[0]["lowerQuartile"]?.value == .number(2.5))
        #expect(figures[0]["repetitions"]?.value == .integer(3))
        let names = budgets.map { budget -> Set<String> in
            guard case .object(let members) = budget.value else { return [] }
            return Set(members.map(\.name))
        }
        #expect(names == [["name", "value", "bound", "holds"], ["name", "value", "bound", "holds"]])
        #expect(budgets[1]["name"]?.value == .string("many"))
        #expect(budgets[1]["value"]?.value == .integer(2))
        #expect(budgets[1]["bound"]?.value == .integer(5))
        #expect(budgets[1]["holds"]?.value == .boolean(false))
    }

    @Test("are tables whose columns line up, for people")
    func text() {
        let lines = ReportText(Self.mixed).lines
        #expect(lines[0] == "2 × A Processor, 8192 MiB, Linux 6.1")
        #expect(lines.contains { $0.hasPrefix("latency.submit-to-call") && $0.hasSuffix("ms") })
        #expect(lines.contains { $0.hasPrefix("quick") && $0.contains("< 20.0") && $0.hasSuffix("yes") })
        #expect(lines.contains { $0.hasPrefix("many") && $0.contains("≥ 5.00") && $0.hasSuffix("NO") })
        for table in lines.split(separator: "").dropFirst() {
            #expect(Set(table.map(\.count)).count == 1)
        }
    }

    @Test("say nothing of a server that was not there")
    func noServer() {
        #expect(ReportText(Self.mixed).lines[1].contains("PostgreSQL 15.20"))
        var machine = Self.machine
        machine.postgres = nil
        let report = Report(machine: machine, seed: 7, figures: [], budgets: [])
        #expect(!ReportText(report).lines[1].contains("PostgreSQL"))
    }

    @Test(
        "show three digits that count",
        arguments: [
            (0.0641, "0.064"), (1.999, "2.00"), (2.04, "2.04"), (19.96, "20.0"), (123.4, "123"),
            (-1.5, "-1.50"),
            (0, "0.000"), (12_345.6, "12346"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) {
        #expect(ReportText.number(value) == text)
    }
}
