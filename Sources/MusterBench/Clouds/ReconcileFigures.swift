extension FigureName {
    /// A scheduled run over all instances, which has nothing to do but to compare.
    static let reconcileTime = FigureName("reconcile.time", in: .seconds)
    /// A call for each instance.
    static let reconcileSingleTime = FigureName("reconcile.time-of-single-calls", in: .seconds)
    /// The first of these to the second.
    static let reconcileTimeToSingle = FigureName("reconcile.time-to-single-calls", in: .times)
    /// The run's calls.
    static let reconcileCalls = FigureName("reconcile.calls", in: .number)
    /// These to one for each region and 1,000 of its instances, and one more for each region.
    static let reconcileCallsToAllowed = FigureName("reconcile.calls-to-one-per-1000", in: .times)

    /// All of this benchmark's.
    static let reconcile: [FigureName] = [
        .reconcileTime, .reconcileSingleTime, .reconcileTimeToSingle, .reconcileCalls,
        .reconcileCallsToAllowed,
    ]
}
