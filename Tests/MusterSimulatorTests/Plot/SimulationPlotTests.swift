import MusterCore
import Testing

@testable import MusterSimulator

@Suite("Pictures of simulations")
struct SimulationPlotTests {
    private func reports(_ tasks: Int = 300) throws -> [SimulationReport] {
        var generator = SeededGenerator(seed: 4)
        let setup = SimulationSetup(trace: try randomTrace(&generator, tasks: tasks), pool: pool(2))
        return try PolicyCatalogue.all.map { try run(setup, $0.name) }
    }

    @Test("show four figures with a line for each policy, a legend, and axes with units")
    func whatIsShown() throws {
        let reports = try reports()
        let svg = SimulationPlot(reports).svg
        #expect(svg.hasPrefix("<svg xmlns=") && svg.hasSuffix("</svg>\n"))
        #expect(svg.split(separator: "<polyline").count - 1 == 4 * reports.count)
        for text in [
            "Pending: ", "Running: ", "Idle: ", "Launches: ", "per hour", "hours since the first task",
        ] {
            #expect(svg.contains(text), "\(text)")
        }
        for report in reports { #expect(svg.contains(">\(report.result.policy)</text>")) }
        #expect(svg == SimulationPlot(reports).svg)
    }

    @Test("tell the lines apart without colour")
    func withoutColour() {
        #expect(Set(PlotPolicy.lines.map(\.dashes)).count == PlotPolicy.lines.count)
    }

    @Test("stay small however long the workload is")
    func bounded() throws {
        let tasks = (0..<3_000).map { (Double($0 * 997), 500.0) }
        let report = try run(SimulationSetup(trace: try trace(tasks), pool: pool()))
        #expect(report.series.points.count <= SimulatorPolicy.seriesPoints)
        let line = PlotLine(report)
        #expect(line.points.count <= PlotPolicy.columns && line.hours > 2_999 * 997 / 3_600)
        #expect(SimulationPlot([report]).svg.utf8.count < 60_000)
    }

    @Test("write names as they are")
    func escaped() throws {
        let trace = try Trace(name: "a<b>&\"c\"", [Trace.Raw(arrival: 0, duration: 1_000)])
        let svg = SimulationPlot([try run(SimulationSetup(trace: trace, pool: pool()))]).svg
        #expect(svg.contains(">a&lt;b&gt;&amp;&quot;c&quot;</text>") && !svg.contains("a<b>"))
    }

    @Test(
        "have axes that end at round numbers",
        arguments: [
            (0.0, 1.0, ["0", "1"]), (1.0, 1.0, ["0.0", "0.5", "1.0"]), (3.0, 3.0, ["0", "1", "2", "3"]),
            (7.0, 8.0, ["0", "2", "4", "6", "8"]), (1_939.0, 2_000.0, ["0", "500", "1000", "1500", "2000"]),
            (0.03, 0.03, ["0.00", "0.01", "0.02", "0.03"]), (101.0, 150.0, ["0", "50", "100", "150"]),
        ])
    func axes(most: Double, end: Double, labels: [String]) {
        let axis = PlotAxis(to: most, parts: 4)
        #expect(abs(axis.end - end) < 1e-9)
        #expect(axis.ticks.map(axis.label) == labels)
    }
}
