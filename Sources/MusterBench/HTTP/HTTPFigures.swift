/// One way in which the client is measured; its figures' names come from it.
struct HTTPCase: Hashable, Sendable {
    /// How many ask at once, each on a connection of its own.
    let callers: Int

    /// Answers a second.
    var requests: FigureName { name("requests", in: .perSecond) }
    /// The same that `wrk` gets right before.
    var baseline: FigureName { name("wrk", in: .perSecond) }
    /// The first to the second.
    var ratio: FigureName { name("requests-to-wrk", in: .times) }

    private func name(_ what: String, in unit: FigureName.Unit) -> FigureName {
        FigureName("http.\(callers)-at-once.\(what)", in: unit)
    }

    /// All that are measured.
    static let all = BenchPolicy.httpCallers.map(HTTPCase.init)
}

extension FigureName {
    /// All of this benchmark's, in the order in which it gives them.
    static let http = HTTPCase.all.flatMap { [$0.baseline, $0.requests, $0.ratio] }
}
