extension FigureName {
    /// What was found that should not be.
    static let chaosViolations = FigureName("chaos.violations", in: .number)
    /// From the last kill until all that was wanted stood and was known.
    static let chaosSettle = FigureName("chaos.settle", in: .seconds)
    /// How many instances were made.
    static let chaosMade = FigureName("chaos.made", in: .number)
    /// How many were refused.
    static let chaosRefused = FigureName("chaos.refused", in: .number)
    /// How often a cloud did wrong what it was asked for.
    static let chaosFaults = FigureName("chaos.faults", in: .number)
    /// How many kills left a launch of which nobody knew what came.
    static let chaosInterruptions = FigureName("chaos.kills-in-a-launch", in: .number)

    /// All of this benchmark's.
    static let chaos: [FigureName] = [
        .chaosViolations, .chaosSettle, .chaosMade, .chaosRefused, .chaosFaults, .chaosInterruptions,
    ]
}
