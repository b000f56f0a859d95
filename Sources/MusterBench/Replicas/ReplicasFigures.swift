extension FigureName {
    /// Pools a second for which so many processes launched what was wanted.
    static func replicas(_ count: Int) -> FigureName {
        FigureName("replicas.\(name(count))", in: .perSecond)
    }

    /// The rate of so many processes to that of one.
    static func replicasRatio(_ count: Int) -> FigureName {
        FigureName("replicas.\(name(count))-to-1", in: .times)
    }

    /// All of this benchmark's, in the order in which it gives them.
    static let replicas: [FigureName] =
        BenchPolicy.replicas.map { .replicas($0) }
        + BenchPolicy.replicas.dropFirst().map { .replicasRatio($0) }

    private static func name(_ count: Int) -> String { count == 1 ? "1-process" : "\(count)-processes" }
}
