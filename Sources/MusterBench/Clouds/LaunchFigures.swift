extension FigureName {
    /// From the decision to the last row.
    static let launchTime = FigureName("launch.time", in: .seconds)
    /// As many calls for one instance each.
    static let launchSingleTime = FigureName("launch.time-of-single-calls", in: .seconds)
    /// The first of these to the second.
    static let launchTimeToSingle = FigureName("launch.time-to-single-calls", in: .times)
    /// Calls that launch.
    static let launchCalls = FigureName("launch.calls", in: .number)
    /// These to one for each launch config and 500 instances.
    static let launchCallsToAllowed = FigureName("launch.calls-to-one-per-500", in: .times)

    /// All of this benchmark's.
    static let launch: [FigureName] = [
        .launchTime, .launchSingleTime, .launchTimeToSingle, .launchCalls, .launchCallsToAllowed,
    ]
}
