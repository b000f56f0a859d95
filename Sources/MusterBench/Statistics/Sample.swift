/// The values of one thing that was measured several times.
struct Sample: Hashable, Sendable {
    private let sorted: [Double]

    /// Takes one value or more, in any order.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "what was never measured has no sample")
        sorted = values.sorted()
    }

    /// How often it was measured.
    var count: Int { sorted.count }
    /// The smallest value.
    var least: Double { sorted[0] }
    /// The largest value.
    var most: Double { sorted[sorted.count - 1] }
    /// The value in the middle; between the two in the middle when the count is even.
    var median: Double { quantile(0.5) }

    /// The value below which the part `fraction` (0 to 1) of the values lies, between two neighbours in
    /// proportion.
    func quantile(_ fraction: Double) -> Double {
        let place = min(max(fraction, 0), 1) * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return most }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
    }
}
