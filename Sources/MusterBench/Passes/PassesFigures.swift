extension FigureName {
    /// One decision for every pool, with all workers.
    static let passesTime = FigureName("passes.time", in: .seconds)
    /// The same with a tenth of the workers.
    static let passesTenthTime = FigureName("passes.time-with-a-tenth-of-the-workers", in: .seconds)
    /// The second of these to the first.
    static let passesTenthToAll = FigureName("passes.tenth-to-all", in: .times)

    /// All of this benchmark's.
    static let passes: [FigureName] = [.passesTime, .passesTenthTime, .passesTenthToAll]
}
