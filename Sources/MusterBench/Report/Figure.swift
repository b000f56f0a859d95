/// Something that was measured, as often as it was.
struct Figure: Sendable {
    /// What.
    var name: FigureName
    /// The values, in the name's unit.
    var sample: Sample

    /// Makes a figure.
    init(_ name: FigureName, _ values: [Double]) {
        self.name = name
        sample = Sample(values)
    }
}
