/// Gathers what is measured, value by value, and gives the figures in the order of their names.
struct Figures {
    private var values: [FigureName: [Double]] = [:]

    /// Notes a value.
    mutating func add(_ value: Double, to name: FigureName) { values[name, default: []].append(value) }

    /// The figures with these names; those that have no value are left out.
    func named(_ names: [FigureName]) -> [Figure] {
        names.compactMap { name in values[name].map { Figure(name, $0) } }
    }
}
