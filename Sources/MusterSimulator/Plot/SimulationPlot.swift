/// Pictures of simulations: for each workload what waited, ran, idled and was launched over time, all policies in
/// each picture.
public struct SimulationPlot {
    private let workloads: [(name: String, lines: [PlotLine])]

    /// Of reports on one or more workloads; those of one workload share a picture.
    public init(_ reports: [SimulationReport]) {
        var workloads: [(name: String, lines: [PlotLine])] = []
        for report in reports {
            let line = PlotLine(report)
            if let index = workloads.firstIndex(where: { $0.name == report.result.trace }) {
                workloads[index].lines.append(line)
            } else {
                workloads.append((report.result.trace, [line]))
            }
        }
        self.workloads = workloads
    }

    private static let panels = Double(PlotPanel.all.count)
    private static let heightOfWorkload =
        PlotPolicy.head + panels * PlotPolicy.panelHeight + (panels - 1) * PlotPolicy.panelGap
        + PlotPolicy.foot

    /// The pictures below one another, as SVG of a bounded size.
    public var svg: String {
        let width = SVG.number(PlotPolicy.width)
        let height = SVG.number(Self.heightOfWorkload * Double(max(1, workloads.count)))
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" font-family="sans-serif" role="img">
            <title>Simulated policies over time</title>
            <rect width="100%" height="100%" fill="#fff"/>

            """
        for (index, workload) in workloads.enumerated() {
            text += picture(workload, top: Double(index) * Self.heightOfWorkload)
        }
        return text + "</svg>\n"
    }

    private func picture(_ workload: (name: String, lines: [PlotLine]), top: Double) -> String {
        var text = SVG.text(workload.name, at: PlotPolicy.left, top + 22, size: 15, bold: true)
        text += legend(workload.lines, top: top + 42)
        let time = PlotAxis(to: workload.lines.map(\.hours).max() ?? 0, parts: PlotPolicy.mostTicks)
        var edge = top + PlotPolicy.head
        for panel in PlotPanel.all {
            text += panel.svg(workload.lines, top: edge, time: time)
            edge += PlotPolicy.panelHeight + PlotPolicy.panelGap
        }
        let bottom = edge - PlotPolicy.panelGap
        let length = PlotPolicy.width - PlotPolicy.right - PlotPolicy.left
        for tick in time.ticks {
            text += SVG.text(
                time.label(tick), at: PlotPolicy.left + tick / time.end * length, bottom + 18,
                anchor: "middle", size: 11)
        }
        return text
            + SVG.text(
                "hours since the first task", at: PlotPolicy.left + length / 2, bottom + 36,
                anchor: "middle")
    }

    private func legend(_ lines: [PlotLine], top: Double) -> String {
        var text = ""
        var left = PlotPolicy.left
        for (index, line) in lines.enumerated() {
            text += SVG.line(from: (left, top - 4), to: (left + 40, top - 4), SVG.stroke(index))
            text += SVG.text(line.name, at: left + 46, top)
            // About the width of a letter at this size.
            left += 46 + Double(line.name.count) * 7.5 + 28
        }
        return text
    }
}
