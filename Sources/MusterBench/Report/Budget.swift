/// A promise of a figure.
struct Budget: Sendable {
    /// What must hold of the median.
    enum Bound: Hashable, Sendable {
        case below(Double)
        case atLeast(Double)
        case atMost(Double)

        /// The number of the bound.
        var value: Double {
            switch self {
            case .below(let value), .atLeast(let value), .atMost(let value): value
            }
        }

        /// Whether `value` keeps it. What is no number keeps none.
        func holds(for value: Double) -> Bool {
            switch self {
            case .below(let bound): value < bound
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }
    }

    /// Its own name.
    let name: String
    /// The figure that it is about.
    let figure: FigureName
    /// What must hold.
    let bound: Bound
    /// Why it is promised.
    let reason: String

    /// Makes a promise.
    init(_ name: String, of figure: FigureName, _ bound: Bound, because reason: String) {
        self.name = name
        self.figure = figure
        self.bound = bound
        self.reason = reason
    }

    /// Judges a run; nil when its figure was not measured.
    func judged(by figures: [Figure]) -> Judgement? {
        figures.first { $0.name == figure }.map { found in
            let value = found.sample.median
            return Judgement(budget: self, value: value, holds: bound.holds(for: value))
        }
    }
}

/// What a run says of a promise.
struct Judgement: Sendable {
    /// The promise.
    let budget: Budget
    /// The median that was measured.
    let value: Double
    /// Whether it was kept.
    let holds: Bool
}
