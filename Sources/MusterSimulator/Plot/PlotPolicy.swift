/// How pictures look: sizes in pixels, and why.
enum PlotPolicy {
    /// The width of a page's picture.
    static let width = 960.0
    /// Room for numbers at the left of a panel.
    static let left = 64.0
    /// Room at the right, so that the last number of the time axis fits.
    static let right = 24.0
    /// A panel's height: four of them fit on a screen.
    static let panelHeight = 120.0
    /// Between panels: a title fits.
    static let panelGap = 34.0
    /// Above the first panel of a workload: its name and the legend.
    static let head = 74.0
    /// Below the last: the time axis with its numbers and its name.
    static let foot = 52.0
    /// Points of a line at most: more than one in two pixels shows nothing more.
    static let columns = 400
    /// Parts of an axis at most.
    static let mostTicks = 8
    /// Lines differ in dashes and width before they differ in colour, and the colours differ in lightness: they can
    /// be told apart in black and white. More policies than these begin anew.
    static let lines: [(colour: String, dashes: String, width: Double)] = [
        ("#000000", "", 1.8), ("#c2570c", "7 3", 1.4), ("#2f6fb0", "2 2.5", 1.6), ("#777777", "9 3 2 3", 1.4),
        ("#3b7a3b", "1 4", 2.2), ("#7b3f98", "14 4", 1.2),
    ]
}
