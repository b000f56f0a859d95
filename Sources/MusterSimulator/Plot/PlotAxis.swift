/// An axis from 0 to a round number, with a mark at each round step.
struct PlotAxis: Hashable {
    /// Its end.
    let end: Double
    /// Between two marks.
    let step: Double

    /// An axis on which `most` fits, in `parts` steps at most; from 0 to 1 where nothing is larger than 0.
    init(to most: Double, parts: Int) {
        guard most > 0, most.isFinite else {
            (end, step) = (1, 1)
            return
        }
        var unit = 1.0
        while unit * Double(parts) < most { unit *= 10 }
        while unit * Double(parts) / 10 >= most { unit /= 10 }
        let candidates = [0.1, 0.2, 0.5, 1].map { $0 * unit }
        step = candidates.first { $0 * Double(parts) >= most } ?? unit
        end = (most / step).rounded(.up) * step
    }

    /// The marks.
    var ticks: [Double] {
        (0...Int((end / step).rounded())).map { Double($0) * step }
    }

    /// A mark's number, with no more decimals than the steps need.
    func label(_ tick: Double) -> String {
        var places = 0
        var unit = step
        while places < 4, (unit - unit.rounded()).magnitude > 1e-6 {
            places += 1
            unit *= 10
        }
        return DecimalText.of(tick, places: places)
    }
}
