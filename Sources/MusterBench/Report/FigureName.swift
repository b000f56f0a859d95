/// What is measured. A figure belongs to the benchmark that its name begins with.
///
/// The names stand in the benchmarks' folders.
struct FigureName: Hashable, Sendable {
    /// Its name in reports.
    let text: String
    /// What its values count.
    let unit: Unit

    /// Makes a name.
    init(_ text: String, in unit: Unit) {
        self.text = text
        self.unit = unit
    }

    /// What values count, as reports say it.
    enum Unit: String, Sendable {
        case seconds = "s"
        case milliseconds = "ms"
        case perSecond = "1/s"
        case megabytes = "MB"
        /// How many.
        case number
        /// A ratio.
        case times
    }
}
