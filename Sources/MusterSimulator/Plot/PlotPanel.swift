/// One figure of all policies over time.
struct PlotPanel: Sendable {
    /// What it shows, with its unit.
    let title: String
    /// The figure.
    let value: @Sendable (SimulationSeries.Point) -> Double

    /// The four that a workload has, from top to bottom.
    static let all = [
        PlotPanel(title: "Pending: tasks that wait", value: { $0.pending }),
        PlotPanel(title: "Running: workers that run tasks", value: { $0.busy }),
        PlotPanel(title: "Idle: registered workers that run nothing", value: { $0.idle }),
        PlotPanel(title: "Launches: instances asked for, per hour", value: { $0.launches }),
    ]

    /// Draws it.
    ///
    /// - Parameters:
    ///   - top: the upper edge of the plotting area.
    ///   - time: the axis of hours, which all panels share.
    func svg(_ lines: [PlotLine], top: Double, time: PlotAxis) -> String {
        let most = lines.flatMap(\.points).map(value).max() ?? 0
        let axis = PlotAxis(to: most, parts: 4)
        let (left, right) = (PlotPolicy.left, PlotPolicy.width - PlotPolicy.right)
        let bottom = top + PlotPolicy.panelHeight
        func x(_ hours: Double) -> Double { left + hours / time.end * (right - left) }
        func y(_ figure: Double) -> Double { bottom - figure / axis.end * PlotPolicy.panelHeight }
        var text = SVG.text(title, at: left, top - 8, bold: true)
        for tick in axis.ticks {
            let style = tick == 0 ? "stroke=\"#000\"" : "stroke=\"#ddd\""
            text += SVG.line(from: (left, y(tick)), to: (right, y(tick)), style)
            text += SVG.text(axis.label(tick), at: left - 6, y(tick) + 4, anchor: "end", size: 11)
        }
        for tick in time.ticks {
            text += SVG.line(from: (x(tick), bottom), to: (x(tick), bottom + 4), "stroke=\"#000\"")
        }
        for (index, line) in lines.enumerated() {
            let points = line.points.enumerated().map { step, point in
                (x: x((Double(step) + 0.5) * line.stepHours), y: y(value(point)))
            }
            text += SVG.polyline(points, SVG.stroke(index))
        }
        return text
    }
}
