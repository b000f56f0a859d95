extension FigureName {
    /// From a submission to the provider's call.
    static let latencyCall = FigureName("latency.submit-to-call", in: .milliseconds)
    /// From a submission to its answer: the task is durable.
    static let latencyAnswer = FigureName("latency.submit-to-answer", in: .milliseconds)
    /// A durable transaction of plain SQLite.
    static let latencyPlain = FigureName("latency.plain-transaction", in: .milliseconds)

    /// All of this benchmark's.
    static let latency: [FigureName] = [.latencyCall, .latencyAnswer, .latencyPlain]
}
