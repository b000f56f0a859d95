extension FigureName {
    /// Plans with weights and reasons, on one core.
    static let decidePlans = FigureName("decide.plans", in: .perSecond)

    /// All of this benchmark's.
    static let decide: [FigureName] = [.decidePlans]
}
