import MusterCore
import Testing

@testable import MusterSimulator

@Suite("What stood when")
struct SeriesTests {
    @Test("keeps its sums when steps are joined")
    func sums() {
        var generator = SeededGenerator(seed: 11)
        var series = SimulationSeries()
        var pending = 0.0
        var launches = 0.0
        for _ in 0..<20_000 {
            let time = Int64.random(in: 1...4_000, using: &generator)
            let standing = Double.random(in: 0...9, using: &generator).rounded()
            series.advance(
                by: time, SimulationSeries.Point(pending: standing, busy: 1, idle: 0, launches: 0))
            series.note(launches: 3)
            pending += standing * Double(time)
            launches += 3
        }
        let points = series.points
        #expect(
            points.count <= SimulatorPolicy.seriesPoints && points.count > SimulatorPolicy.seriesPoints / 3)
        let step = Double(series.step)
        #expect(abs(points.reduce(0) { $0 + $1.pending } * step - pending) < 1)
        #expect(points.reduce(0) { $0 + $1.launches } == launches)
        // All but the last are whole.
        #expect(points.dropLast().allSatisfy { abs($0.busy - 1) < 1e-9 })
    }

    @Test(
        "decimals are rounded, and signed",
        arguments: [
            (0.0, 1, "0.0"), (12.345, 2, "12.35"), (-0.06, 1, "-0.1"), (0.04, 1, "0.0"), (1_234.5, 0, "1235"),
            (0.005, 3, "0.005"), (.infinity, 1, "?"), (.nan, 1, "?"),
        ])
    func decimals(value: Double, places: Int, text: String) {
        #expect(DecimalText.of(value, places: places) == text)
    }
}
