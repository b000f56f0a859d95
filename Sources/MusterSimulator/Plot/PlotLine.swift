/// A policy's figures over time, thinned out to what a picture can show.
struct PlotLine {
    /// The policy.
    let name: String
    /// Hours that a point stands for.
    let stepHours: Double
    /// Averages over each step; launches are per hour.
    let points: [SimulationSeries.Point]

    init(_ report: SimulationReport) {
        name = report.result.policy
        let all = report.series.points
        let group = max(1, (all.count + PlotPolicy.columns - 1) / PlotPolicy.columns)
        let hours = Double(report.series.step) * Double(group) / 3_600_000
        stepHours = hours
        points = stride(from: 0, to: all.count, by: group).map { start in
            let part = all[start..<min(all.count, start + group)]
            func mean(_ value: (SimulationSeries.Point) -> Double) -> Double {
                part.reduce(0) { $0 + value($1) } / Double(part.count)
            }
            return SimulationSeries.Point(
                pending: mean(\.pending), busy: mean(\.busy), idle: mean(\.idle),
                launches: part.reduce(0) { $0 + $1.launches } / hours)
        }
    }

    /// Where it ends, in hours.
    var hours: Double { stepHours * Double(points.count) }
}
